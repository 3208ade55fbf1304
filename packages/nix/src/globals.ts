import type { NixLib } from "./lib-types.js";
import { toProxy } from "./proxy.js";
import type { NixAttributes, NixProxy } from "./proxy-types.js";

function global(name: string): NixProxy {
  return toProxy({ kind: "global", name });
}

/** The package set of the machine: `pkgs.hello`, `pkgs.python3.withPackages((ps) => [ps.requests])`. */
export const pkgs: NixProxy = global("pkgs");

/** The functions of nixpkgs: `lib.mkIf(condition, value)`, `lib.mkForce(value)`, `lib.getExe(pkgs.hello)`. */
export const lib = global("lib") as NixAttributes as NixLib;

/** The machine's whole configuration as NixOS evaluated it. */
export const config: NixProxy = global("config");

/** The machine's option declarations. */
export const options: NixProxy = global("options");

/** All machines of the network by name: `nodes.db.config.networking.hostName`. */
export const nodes: NixProxy = global("nodes");

/** Path of the NixOS modules in nixpkgs: ``nix`"${modulesPath}/profiles/minimal.nix"` ``. */
export const modulesPath: NixProxy = global("modulesPath");

/** Nix' own functions: `builtins.readFile(path("./motd"))`. */
export const builtins: NixProxy = global("builtins");
