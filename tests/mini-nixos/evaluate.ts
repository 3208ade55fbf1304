import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { environment } from "../../tools/setup/env.mjs";

/** Directory of the miniature nixpkgs. */
export const NIXPKGS = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");

const run = promisify(execFile);
const ALLOWED = ["--option", "restrict-eval", "true", "--option", "nix-path", "", "-I", `firn=${NIXPKGS}`];

/** What a machine that boots in a container needs to say. */
export const CONTAINER = `{ boot.isContainer = true; boot.loader.initScript.enable = true; system.stateVersion = "26.05"; }`;

/** A Nix expression for the configuration of a machine with the given modules. */
export function nixos(...modules: string[]): string {
  const list = [CONTAINER, ...modules].map((module) => `(${module})`).join(" ");
  return `(import ${NIXPKGS}/nixos/lib/eval-config.nix { system = "x86_64-linux"; modules = [ ${list} ]; })`;
}

/** Evaluates an expression, with `lib` and `pkgs` in scope, as Firn does; returns its value and what Nix said. */
export async function evaluate(expression: string): Promise<{ value: unknown; said: string }> {
  const whole = `let lib = import ${NIXPKGS}/lib; pkgs = import ${NIXPKGS} { system = "x86_64-linux"; }; in ${expression}`;
  const args = ["--eval", "--strict", "--json", "--read-write-mode", ...ALLOWED, "--expr", whole];
  const { stdout, stderr } = await run("nix-instantiate", args, { env: environment() });
  return { value: JSON.parse(stdout), said: stderr };
}

/** Evaluates an expression that must fail; returns what Nix said, without indentation and the trace. */
export async function failure(expression: string): Promise<string> {
  const error = await evaluate(expression).then(
    ({ value }) => {
      throw new Error(`it did not fail, but is ${JSON.stringify(value)}`);
    },
    (error: { stderr?: string; message: string }) => error.stderr ?? error.message,
  );
  return error.replace(/^ +/gm, "");
}

/** Builds the system of a machine with the given modules; returns its store path. */
export async function build(...modules: string[]): Promise<string> {
  const expression = `${nixos(...modules)}.config.system.build.toplevel`;
  const args = ["--no-out-link", "--expr", expression];
  return (await run("nix-build", args, { env: environment() })).stdout.trim();
}
