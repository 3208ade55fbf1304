import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Canary, canary, canaryOf } from "../canary/canary.js";
import { Project, type PulumiResult, type Running } from "../e2e/project.js";
import { PROGRAM } from "./program.js";
import { Subject } from "./subject.js";

/** What a run says about one machine besides its version. */
export interface Declared {
  /** A module in Nix. */
  readonly nix?: string;
  /** NixOS options. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Further arguments of the machine. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** Where the deployer finds the machine, where that is not its own address. */
  readonly host?: Readonly<Record<string, unknown>>;
}

/** A stack with machines for faults to befall, and one that nothing may happen to. */
export class Scene {
  readonly project: Project;
  /** Home of the person who deploys. */
  readonly home: string;
  /** Secrets that must not be found anywhere. */
  readonly canaries: Canary[] = [canary("a key's value")];
  /** Where the deployer keeps what nobody else may read. */
  readonly runtime: string;
  readonly bystander: Subject;
  /** What every machine but the bystander runs between faults. */
  version = 1;
  private readonly identities: Record<string, string> = {};
  /** All that the runs have said. */
  readonly said: string[] = [];

  private constructor(
    name: string,
    /** Without the bystander. */
    readonly subjects: readonly Subject[],
    bystander: Subject,
  ) {
    this.bystander = bystander;
    this.project = new Project(name);
    this.home = join(this.project.directory, "home");
    this.runtime = mkdtempSync(join(tmpdir(), "firn-faults-"));
    mkdirSync(join(this.home, ".ssh"), { recursive: true });
    this.project.write("home/.ssh/known_hosts", "elsewhere ssh-ed25519 AAAA\n");
    this.project.write("system.nix", readFileSync(new URL("machine/system.nix", import.meta.url), "utf8"));
    this.project.write("secrets/canary", this.keyValue);
    this.project.program(PROGRAM);
    this.environment("HOME", this.home);
    this.environment("XDG_RUNTIME_DIR", this.runtime);
    this.environment("TMPDIR", this.runtime);
    // As on a computer with a remote builder for it: machines of another architecture can be built.
    this.environment("NIX_CONFIG", `${process.env.NIX_CONFIG}\nextra-platforms = aarch64-linux`);
  }

  /** Starts machines and brings all of them to version 1. */
  static async open(name: string, machines: readonly string[]): Promise<Scene> {
    const started = await Promise.all([...machines, "bystander"].map((machine) => Subject.start(machine)));
    const scene = new Scene(name, started.slice(0, -1), started.at(-1) as Subject);
    await scene.project.init();
    await scene.project.setSecret("canary", scene.keyValue);
    for (const { name, box } of started) await scene.know(name, box.identity);
    scene.declare(1);
    const up = await scene.up();
    if (up.exitCode !== 0) throw new Error(up.output);
    return scene;
  }

  /** What the keys of all machines have as their value. */
  get keyValue(): string {
    return this.canaries[0]?.value ?? "";
  }

  subject(name: string): Subject {
    const found = this.subjects.find((each) => each.name === name);
    if (!found) throw new Error(`the scene has no machine ${name}`);
    return found;
  }

  /** Lets the program use the key of a host that is no machine of the stack. */
  async know(host: string, identity: string): Promise<void> {
    this.identities[host] = identity;
    // A line of its middle: the first lines of all keys are alike.
    this.canaries.push(canaryOf(`the key that opens ${host}`, identity.split("\n")[3] ?? ""));
    await this.project.setSecret("identities", JSON.stringify(this.identities));
  }

  /** Says what the next run shall bring; the bystander stays as it is. */
  declare(version: number, further: (machine: string) => Declared = () => ({})): void {
    const machines: Record<string, unknown> = {};
    for (const { name, box } of [...this.subjects, this.bystander]) {
      const own = name === this.bystander.name;
      const { nix, config = {}, args = {}, host = {} } = own ? {} : further(name);
      if (nix) this.project.write(`${name}.nix`, nix);
      machines[name] = {
        host: { address: box.address, hostKey: box.hostKey, ...host },
        args: {
          ...args,
          modules: nix ? [`${name}.nix`] : [],
          config: { ...config, version: String(own ? 1 : version) },
        },
      };
    }
    this.project.write("scene.json", JSON.stringify({ machines }, null, 2));
  }

  /** A run that goes on when a machine fails. */
  up(): Promise<PulumiResult> {
    return this.start().result;
  }

  /** The same, to be disturbed. */
  start(): Running {
    const running = this.project.start("pulumi", [
      ...["--non-interactive", "--color", "never"],
      ...["up", "--yes", "--skip-preview", "--continue-on-error"],
    ]);
    void running.result.then(({ output }) => this.said.push(output));
    return running;
  }

  environment(name: string, value: string): void {
    this.project.setEnvironment(name, value);
  }

  async close(): Promise<void> {
    await this.project.dispose();
    rmSync(this.runtime, { recursive: true, force: true });
    await Promise.all([...this.subjects, this.bystander].map(({ box }) => box.remove()));
  }
}
