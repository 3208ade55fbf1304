import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

/** A user's project in a temporary directory, with Firn's packages as built. */
export class TypedProject {
  readonly directory = mkdtempSync(join(tmpdir(), "firn-types-"));

  constructor() {
    symlinkSync(join(ROOT, "node_modules"), join(this.directory, "node_modules"));
    this.write("package.json", '{ "type": "module" }');
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.directory, name)), { recursive: true });
    writeFileSync(join(this.directory, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.directory, name), "utf8");
  }

  /** Runs `firn types` with the miniature nixpkgs. @returns what it said */
  async types(...modules: string[]): Promise<string> {
    const args = ["types", "--nixpkgs", join(ROOT, "tests/mini-nixos"), ...modules];
    const main = join(ROOT, "packages/cli/dist/main.js");
    return (await run(process.execPath, [main, ...args], { cwd: this.directory })).stdout;
  }

  /** Writes a `tsconfig.json` for files. */
  configure(files: readonly string[]): void {
    const options = {
      strict: true,
      noEmit: true,
      module: "nodenext",
      target: "es2022",
      skipLibCheck: true,
      types: [],
    };
    this.write("tsconfig.json", JSON.stringify({ compilerOptions: options, files }));
  }

  /** Runs the compiler on files. @returns what it printed */
  async compile(files: readonly string[], ...flags: string[]): Promise<string> {
    this.configure(files);
    const tsc = join(ROOT, "node_modules/typescript/lib/tsc.js");
    const args = [tsc, "-p", this.directory, "--pretty", "false", ...flags];
    const failed = (error: { stdout?: string }) => ({ stdout: error.stdout ?? String(error) });
    return (await run(process.execPath, args, { cwd: this.directory }).catch(failed)).stdout;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
