import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { ssh } from "../lab/probe.js";
import { type Facts, readFacts, WHOLLY } from "./facts.js";
import { until } from "./until.js";

/** Points of a deployment at which a machine can be held, in the order in which they come. */
export const GATES = ["connecting", "copying", "testing", "confirming", "committing"] as const;
export type Gate = (typeof GATES)[number];

const source = (name: string) =>
  readFileSync(fileURLToPath(new URL(`machine/${name}`, import.meta.url)), "utf8");
const SHIMS = { gate: "gate.sh", "nix-store": "nix-store.sh", "nix-env": "nix-env.sh" };

/** A machine that faults befall. */
export class Subject {
  private constructor(
    readonly name: string,
    readonly box: LabContainer,
  ) {}

  /** Starts a machine with gates; it runs no NixOS system yet. */
  static async start(name: string): Promise<Subject> {
    const subject = new Subject(name, await startContainer(name));
    for (const [program, file] of Object.entries(SHIMS)) {
      subject.write(`/usr/local/bin/${program}`, source(file));
      subject.makeExecutable(`/usr/local/bin/${program}`);
    }
    subject.write("/root/.ssh/rc", source("rc.sh"));
    return subject;
  }

  /** Runs a shell script inside, past its network; `args` are its positional parameters. */
  inside(script: string, ...args: string[]): Promise<string> {
    return this.box.exec(["sh", "-c", script, "sh", ...args]);
  }

  /** Holds the machine when it comes to a gate. */
  hold(gate: Gate): void {
    rmSync(this.path(`/run/gates/${gate}.reached`), { force: true });
    this.write(`/run/gates/${gate}`, "");
  }

  /** Lets it go on. */
  release(gate: Gate): void {
    rmSync(this.path(`/run/gates/${gate}`), { force: true });
  }

  /** Waits until the machine is held. */
  reached(gate: Gate): Promise<void> {
    return until(`${this.name} comes to ${gate}`, () => existsSync(this.path(`/run/gates/${gate}.reached`)));
  }

  /** Waits until no activation is under way, as the machine itself noted it. */
  settled(): Promise<void> {
    return until(`${this.name} settles`, () => ["", "finished"].includes(this.phase()), 180);
  }

  /** Waits until it runs a version and has settled. */
  async comesToRun(version: number): Promise<void> {
    const runs = async () => (await this.inside("cat /run/current-system/etc/version")) === String(version);
    await until(`${this.name} runs version ${version}`, runs);
    await this.settled();
  }

  /** What it runs, asked over ssh with its pinned key: fails where the machine is lost. */
  async facts(): Promise<Facts> {
    return readFacts(await ssh(this.box, WHOLLY));
  }

  /** The same past its network, which leaves no trace on it. */
  async factsFromInside(): Promise<Facts> {
    return readFacts(await this.inside(WHOLLY));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  makeExecutable(path: string): void {
    chmodSync(this.path(path), 0o755);
  }

  /** Where this computer sees a file of the machine. */
  path(path: string): string {
    return join(this.box.root(), path);
  }

  private phase(): string {
    try {
      // A link of the machine's, which from here would lead into this computer's files.
      return readFileSync(this.path(`${readlinkSync(this.path("/run/firn/last"))}/phase`), "utf8").trim();
    } catch {
      return "";
    }
  }
}
