import { readdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { LabContainer } from "../lab/lab.js";
import { type Canary, canariesIn } from "./canary.js";
import { type Finding, searchFiles } from "./files.js";
import { type ProcessWatch, watchProcesses } from "./processes.js";

const STORE = "/nix/store";

export interface CanaryRunOptions {
  /** Canaries that come from an environment variable, and so are in the environment of whoever has it. */
  readonly inEnvironment?: readonly Canary[];
}

export interface SearchOptions {
  /** Directory of the Pulumi project, with its backend and `.firn`. */
  readonly project: string;
  /** Files of the project that have the values because somebody put them there. */
  readonly sources?: readonly string[];
  /** Machines with the paths on each that have the values because they shall. */
  readonly machines?: readonly { readonly machine: LabContainer; readonly keys: readonly string[] }[];
  /** Everything that commands printed. */
  readonly output: string;
}

/**
 * Looks after canaries while something is done with them, and tells where they were seen: in process arguments and
 * environments meanwhile; afterwards in output, in the project (state with its history and backups, `.firn`), in what
 * was added to this computer's Nix store and to its temporary directories, and on machines in everything that is not
 * the image's: disk, store, logs, memory.
 */
export class CanaryRun {
  private readonly since = Date.now() - 2000;
  private readonly store = new Set(readdirSync(STORE));
  private readonly watch: ProcessWatch;

  constructor(
    readonly canaries: readonly Canary[],
    { inEnvironment = [] }: CanaryRunOptions = {},
  ) {
    this.watch = watchProcesses(canaries, inEnvironment);
  }

  /** What is on machines; ask before they are removed. */
  searchMachines(machines: SearchOptions["machines"] = []): Finding[] {
    return machines.flatMap(({ machine, keys }) => {
      const { disk, root } = machine.files();
      const places = [disk, ...["run", "tmp", "var/tmp", "dev/shm"].map((name) => join(root, name))];
      const except = keys.flatMap((key) => [join(disk, key), join(root, key)]);
      return searchFiles(places, this.canaries, { except });
    });
  }

  /** Everything else; ends the run. */
  async search({ project, sources = [], machines, output }: SearchOptions): Promise<readonly Finding[]> {
    const { findings, samples } = await this.watch.stop();
    if (samples < 10) throw new Error(`processes were looked at ${samples} times only`);
    const added = readdirSync(STORE).filter((name) => !this.store.has(name));
    const temporary = [
      tmpdir(),
      "/tmp",
      "/var/tmp",
      "/dev/shm",
      process.env.XDG_RUNTIME_DIR,
      join(homedir(), ".pulumi"),
      process.env.PULUMI_HOME,
    ];
    const { canaries, since } = this;
    return [
      ...findings,
      ...canariesIn(Buffer.from(output), canaries).map((canary) => ({ canary, where: "output" })),
      ...searchFiles([project], canaries, { except: sources.map((source) => join(project, source)) }),
      ...searchFiles(
        added.map((name) => join(STORE, name)),
        canaries,
      ),
      ...searchFiles([...new Set(temporary.filter((path) => path !== undefined))], canaries, { since }),
      ...this.searchMachines(machines),
    ];
  }
}
