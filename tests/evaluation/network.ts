import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { evaluationMemory } from "../../packages/nixos/dist/evaluation/groups.js";
import {
  evaluateNetwork,
  type NetworkEvaluation,
  type NetworkEvaluationRequest,
} from "../../packages/nixos/dist/evaluation/network.js";
import type { RenderedMachine } from "../../packages/nixos/dist/evaluation/render.js";
import { environment } from "../../tools/setup/env.mjs";
import { NIXPKGS } from "../mini-nixos/evaluate.js";

const EVALUATION = new URL("../../packages/nixos/dist/evaluation/network.js", import.meta.url).href;
const WORK = fileURLToPath(new URL("../../.firn/tests", import.meta.url));

/** What a run did. */
export interface Run extends NetworkEvaluation {
  /** Names of the machines that Nix evaluated, in order. */
  readonly nix: readonly string[];
}

/** A project without Pulumi: machines as requests, and a record of every evaluation by Nix. */
export class TestNetwork {
  readonly root: string;
  private readonly log: string;
  /** A program that runs before each of Nix' and instead of it when it fails. */
  readonly hook: string;
  private readonly path = process.env.PATH;
  private readonly config = process.env.NIX_CONFIG;

  constructor(name: string) {
    mkdirSync(WORK, { recursive: true });
    this.root = mkdtempSync(join(WORK, `${name}-`));
    this.log = join(this.root, ".firn", "nix.log");
    this.hook = join(this.root, ".firn", "hook");
    const shims = join(this.root, ".firn", "shims");
    mkdirSync(shims, { recursive: true });
    const shim = join(shims, "nix-instantiate");
    writeFileSync(
      shim,
      `#!/bin/sh\nprintf '%s ' "$*" | tr '\\n' ' ' >> '${this.log}'; echo >> '${this.log}'\nPATH=\${PATH#*:}; [ ! -x '${this.hook}' ] || '${this.hook}' "$@" || exit 0\nexec nix-instantiate "$@"\n`,
    );
    chmodSync(shim, 0o755);
    const outer = environment();
    process.env.PATH = `${shims}:${outer.PATH}`;
    process.env.NIX_CONFIG = outer.NIX_CONFIG;
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), content);
  }

  /** Has a shell script run before Nix evaluates, with Nix' arguments; it replaces Nix where it ends with an error. */
  beforeNix(script: string): void {
    writeFileSync(this.hook, `#!/bin/sh\n${script}\n`);
    chmodSync(this.hook, 0o755);
  }

  /** A copy of the miniature nixpkgs that the test may change. */
  copyNixpkgs(): string {
    const copy = join(this.root, ".firn", "nixpkgs");
    cpSync(NIXPKGS, copy, { recursive: true });
    return copy;
  }

  request(
    machines: Readonly<Record<string, Partial<RenderedMachine>>>,
    args: Partial<NetworkEvaluationRequest> & { nixpkgs?: string } = {},
  ): NetworkEvaluationRequest {
    const { nixpkgs = NIXPKGS, ...rest } = args;
    return {
      name: "net",
      stack: "test",
      root: this.root,
      pins: new Map([["nixpkgs", { kind: "path", path: nixpkgs }]]),
      defaults: { boot: { isContainer: true, loader: { initScript: { enable: true } } } },
      defaultModules: [],
      memory: evaluationMemory(2000),
      machines: Object.entries(machines).map(([name, machine]) => ({
        name,
        declared: "index.ts:1",
        system: "x86_64-linux",
        stateVersion: "26.05",
        hosts: {},
        knownHosts: [],
        config: {},
        physical: {},
        modules: [],
        pin: "nixpkgs",
        specialArgs: undefined,
        ...machine,
      })),
      ...rest,
    };
  }

  /** Evaluates; a failure of any machine is an error. */
  async evaluate(...request: Parameters<TestNetwork["request"]>): Promise<Run> {
    rmSync(this.log, { force: true });
    const result = await evaluateNetwork(this.request(...request));
    for (const failure of result.failures.values()) throw new Error(`${failure.machine}: ${failure.reason}`);
    return { ...result, nix: this.evaluated() };
  }

  /** Evaluates in a process of its own, which is killed after so many milliseconds unless it has ended. */
  evaluateAndKill(
    machines: Readonly<Record<string, Partial<RenderedMachine>>>,
    milliseconds: number,
  ): Promise<void> {
    const { pins, ...request } = this.request(machines);
    const program = `
      import { evaluateNetwork } from ${JSON.stringify(EVALUATION)};
      const request = ${JSON.stringify(request)};
      await evaluateNetwork({ ...request, pins: new Map(${JSON.stringify([...pins])}) });`;
    const args = ["--input-type=module", "--eval", program];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { timeout: milliseconds, killSignal: "SIGKILL" }, () => resolve());
    });
  }

  /** Names of the machines that Nix evaluated since the last run began. */
  evaluated(): readonly string[] {
    return this.groups().flat().toSorted();
  }

  /** The same, by processes in the order in which they began. */
  groups(): readonly (readonly string[])[] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, "utf8")
      .split("\n")
      .flatMap((line) => {
        const names = /names = \[ (.*?) \]/.exec(line)?.[1];
        return names === undefined ? [] : [names.replaceAll('"', "").split(" ")];
      });
  }

  dispose(): void {
    process.env.PATH = this.path;
    if (this.config === undefined) delete process.env.NIX_CONFIG;
    else process.env.NIX_CONFIG = this.config;
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Runs a command with the tests' environment; an error with what it said when it fails. */
export async function run(command: string, args: readonly string[]): Promise<void> {
  await output(command, args);
}

/** The same, and returns its standard output. */
export function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, (error, stdout, stderr) =>
      error ? reject(new Error(`${command} failed: ${stderr}`)) : resolve(stdout),
    );
  });
}
