import { spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "../../tools/setup/env.mjs";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const PLAIN = ["--non-interactive", "--color", "never"];
const LOADER = fileURLToPath(new URL("../lab/typescript-loader.mjs", import.meta.url));

export interface PulumiResult {
  readonly exitCode: number;
  /** Standard output and error together, as a person sees them. */
  readonly output: string;
}

/** A program that runs. */
export interface Running {
  /** Also the number of its process group. */
  readonly pid: number;
  /** What it has said so far. */
  output(): string;
  readonly result: Promise<PulumiResult>;
}

/** Event of `pulumi … --json`-like engine logs, as far as the tests read them. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Record<string, unknown>;
  readonly inputs?: Record<string, unknown>;
}

/** A Pulumi project in a temporary directory of the checkout, with its own backend, driven as a user would. */
export class Project {
  readonly directory: string;
  private readonly nixLog: string;
  private readonly env: Record<string, string>;
  /** How many commands were started that may change the stack. */
  private commands = 0;
  private exported: { readonly of: string; readonly resources: Promise<ResourceState[]> } | undefined;

  constructor(readonly name: string) {
    const work = join(REPOSITORY, ".firn", "tests");
    mkdirSync(work, { recursive: true });
    this.directory = mkdtempSync(join(work, `${name}-`));
    mkdirSync(join(this.directory, "backend"));
    this.nixLog = join(this.directory, "nix-processes.log");
    const shims = this.countNix();
    const base = environment();
    this.env = {
      ...base,
      PATH: `${shims}:${base.PATH ?? process.env.PATH}`,
      PULUMI_BACKEND_URL: `file://${join(this.directory, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "tests",
    };
    this.write(
      "Pulumi.yaml",
      `name: ${name}\nmain: index.ts\nruntime:\n  name: nodejs\n  options:\n    nodeargs: "--import ${LOADER}"\n    typescript: false\n`,
    );
    this.write("package.json", `{ "private": true, "type": "module", "main": "index.ts" }\n`);
  }

  /** Writes a file of the project. */
  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.directory, file)), { recursive: true });
    writeFileSync(join(this.directory, file), content);
  }

  append(file: string, content: string): void {
    appendFileSync(join(this.directory, file), content);
  }

  read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }

  /** The program, with the imports and the network that all tests share; `NIXPKGS` is the miniature. */
  program(body: string): void {
    this.write(
      "index.ts",
      `import { container } from "@firn/container";
import { byStack, existing, lib, Network, nix, peer, pkgs, remotePeer, str } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";
const NIXPKGS = { path: ${JSON.stringify(join(REPOSITORY, "tests/mini-nixos"))} };
${body}`,
    );
  }

  async init(): Promise<void> {
    const result = await this.pulumi("stack", "init", "dev");
    if (result.exitCode !== 0) throw new Error(result.output);
  }

  preview = (...args: string[]) => this.pulumi("preview", "--diff", ...args);
  up = (...args: string[]) => this.pulumi("up", "--yes", "--skip-preview", ...args);
  refresh = (...args: string[]) => this.pulumi("refresh", "--yes", "--skip-preview", ...args);
  destroy = (...args: string[]) => this.pulumi("destroy", "--yes", "--skip-preview", ...args);

  /** Runs Pulumi in the project; `extraEnv` wins. */
  async pulumi(...args: string[]): Promise<PulumiResult> {
    return this.run("pulumi", [...PLAIN, ...args]);
  }

  run(
    command: string,
    args: readonly string[],
    extraEnv: Record<string, string> = {},
  ): Promise<PulumiResult> {
    this.commands++;
    return this.launch(command, args, extraEnv, false).result;
  }

  /** Sets a secret of the stack's configuration: by standard input, because everybody sees arguments. */
  async setSecret(key: string, value: string): Promise<void> {
    const args = ["--non-interactive", "config", "set", "--secret", key];
    this.commands++;
    const { exitCode, output } = await this.launch("pulumi", args, {}, false, value).result;
    if (exitCode !== 0) throw new Error(output);
  }

  /** Starts a program in a process group of its own, as a terminal does, so that tests can end it. */
  start(command: string, args: readonly string[], extraEnv: Record<string, string> = {}): Running {
    this.commands++;
    return this.launch(command, args, extraEnv, true);
  }

  private launch(
    command: string,
    args: readonly string[],
    extraEnv: Record<string, string>,
    detached: boolean,
    input?: string,
  ): Running {
    const child = spawn(command, args, {
      cwd: this.directory,
      env: { ...this.env, ...extraEnv },
      stdio: ["pipe", "pipe", "pipe"],
      detached,
    });
    child.stdin.end(input);
    const chunks: Buffer[] = [];
    const output = () => Buffer.concat(chunks).toString("utf8");
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    const result = new Promise<PulumiResult>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ exitCode: code ?? 1, output: output() }));
    });
    return { pid: child.pid ?? 0, output, result };
  }

  /** Lets Node of another version run the program and its providers; it keeps what it compiles. */
  useNode(directory: string): void {
    this.env.PATH = `${directory}:${this.env.PATH}`;
    this.env.NODE_COMPILE_CACHE = join(REPOSITORY, ".firn", "tests", "compile-cache");
  }

  setEnvironment(name: string, value: string): void {
    this.env[name] = value;
  }

  /** Puts a directory of the project before everything else on PATH. */
  prependPath(directory: string): void {
    this.env.PATH = `${join(this.directory, directory)}:${this.env.PATH}`;
  }

  /** Gives the project a PATH that has everything but Nix. */
  hideNix(): void {
    const bin = join(this.directory, "bin-without-nix");
    mkdirSync(bin);
    for (const folder of (this.env.PATH ?? "").split(":").filter((each) => existsSync(each)))
      for (const name of readdirSync(folder))
        if (!name.startsWith("nix") && !existsSync(join(bin, name)))
          symlinkSync(join(folder, name), join(bin, name));
    this.env.PATH = bin;
  }

  /** The stack's resources, as in `pulumi stack export`, which is asked again when the state has changed. */
  async resources(...args: string[]): Promise<ResourceState[]> {
    const state = this.stateFiles();
    const of = JSON.stringify([this.commands, this.env.PULUMI_STACK, args, state]);
    if (state === undefined || this.exported?.of !== of) this.exported = { of, resources: this.export(args) };
    const { exported } = this;
    return exported.resources.catch((error) => {
      if (this.exported === exported) this.exported = undefined;
      throw error;
    });
  }

  private async export(args: readonly string[]): Promise<ResourceState[]> {
    const { stdout } = await this.json("stack", "export", ...args);
    return (stdout as { deployment: { resources?: ResourceState[] } }).deployment.resources ?? [];
  }

  /** The state's files and when they were written; undefined where they lie elsewhere. */
  private stateFiles(): string[] | undefined {
    if (this.env.PULUMI_BACKEND_URL !== `file://${join(this.directory, "backend")}`) return undefined;
    const directory = join(this.directory, "backend/.pulumi/stacks");
    if (!existsSync(directory)) return undefined;
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
    return files.map((file) => {
      const found = statSync(join(directory, file), { bigint: true, throwIfNoEntry: false });
      return `${file} ${found?.ino} ${found?.mtimeNs} ${found?.size}`;
    });
  }

  /** The stack's outputs. */
  async outputs(): Promise<Record<string, string>> {
    return (await this.json("stack", "output", "--json", "--show-secrets")).stdout as Record<string, string>;
  }

  /** How often Nix evaluated since the last call. */
  evaluations(): number {
    const log = existsSync(this.nixLog) ? readFileSync(this.nixLog, "utf8") : "";
    rmSync(this.nixLog, { force: true });
    return log.split("\n").filter((line) => line.includes("--eval")).length;
  }

  /** Destroys what is left and removes the directory. */
  async dispose(): Promise<void> {
    if (
      existsSync(join(this.directory, "Pulumi.dev.yaml")) ||
      existsSync(join(this.directory, "backend", ".pulumi"))
    )
      await this.destroy("--stack", "dev");
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async json(...args: string[]): Promise<{ stdout: unknown }> {
    const result = await this.launch("pulumi", [...PLAIN, ...args], {}, false).result;
    if (result.exitCode !== 0) throw new Error(result.output);
    return { stdout: JSON.parse(result.output) };
  }

  /** Puts a recorder before Nix on PATH: what is said of evaluations is counted, not assumed. */
  private countNix(): string {
    const shims = join(this.directory, "shims");
    mkdirSync(shims);
    const shim = join(shims, "nix-instantiate");
    writeFileSync(
      shim,
      `#!/bin/sh\nprintf '%s\\n' "$*" | tr '\\n' ' ' >> '${this.nixLog}'; echo >> '${this.nixLog}'\nPATH=\${PATH#*:} exec nix-instantiate "$@"\n`,
    );
    chmodSync(shim, 0o755);
    return shims;
  }
}
