import { fileURLToPath } from "node:url";
import { evaluateJson, lastError, NixCommandError } from "@firn/nix";
import type { OptionTree } from "./tree.js";

export interface ReadOptions {
  /** Directory of nixpkgs. */
  readonly nixpkgs: string;
  /** Absolute paths of the project's own module files. */
  readonly modules: readonly string[];
  /** Directories that may be read besides nixpkgs. */
  readonly allow: readonly string[];
  /** Nix system, for example `x86_64-linux`. */
  readonly system: string;
}

const NIX_FILES = fileURLToPath(new URL("../nix", import.meta.url));

/**
 * Evaluates the options of NixOS and of the project's modules.
 *
 * @throws a `NixCommandError` with Nix' reason when a module is broken
 */
export async function readOptions(request: ReadOptions): Promise<{ release: string; tree: OptionTree }> {
  const allow = [request.nixpkgs, NIX_FILES, ...request.allow];
  try {
    return (await evaluateJson(expression(request, true), { allow })) as {
      release: string;
      tree: OptionTree;
    };
  } catch (error) {
    if (!(error instanceof NixCommandError) || error.stderr === "") throw error;
    // A default that does not evaluate must not cost the user all types.
    return (await evaluateJson(expression(request, false), { allow }).catch(explained)) as {
      release: string;
      tree: OptionTree;
    };
  }
}

function explained(error: Error): never {
  if (!(error instanceof NixCommandError) || error.stderr === "") throw error;
  throw new NixCommandError(`the options could not be read: ${lastError(error.stderr)}`, error.stderr);
}

function expression(request: ReadOptions, values: boolean): string {
  return `
    let
      nixos = import (/. + ${nixString(`${request.nixpkgs}/nixos/lib/eval-config.nix`)}) {
        system = ${nixString(request.system)};
        modules = [ ${request.modules.map((module) => `(/. + ${nixString(module)})`).join(" ")} ];
        specialArgs = { name = "types"; nodes = { }; };
      };
    in {
      release = (import (/. + ${nixString(`${request.nixpkgs}/lib`)})).trivial.release
        or (builtins.head (builtins.match "([^\n]*)\n*" (builtins.readFile (/. + ${nixString(`${request.nixpkgs}/.version`)}))));
      tree = import (/. + ${nixString(`${NIX_FILES}/options.nix`)}) {
        inherit (nixos) options;
        values = ${values};
      };
    }`;
}

function nixString(text: string): string {
  return JSON.stringify(text).replaceAll("${", "\\${");
}
