import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PinInUse, printModule, print as printValue } from "@firn/nix";
import type { KeyPlace } from "../keys/state.js";
import type { KnownHost } from "./known-hosts.js";
import { KEYS_MODULE, moduleFiles, ownFiles } from "./module-files.js";
import { NIX_FILES } from "./nodes.js";
import type { ProjectSources } from "./sources.js";
import { UNKNOWN_ARGUMENT } from "./unknown.js";

/** A module that a machine has besides its own configuration. */
export type RenderedModule =
  /** A file, relative to the project root. */
  | { readonly path: string }
  /** Nix text or a tree of values, resolved. */
  | { readonly value: unknown }
  /** An output of a pinned flake. */
  | { readonly pin: string; readonly attribute: readonly string[] };

/** One machine, with every value resolved, ready to be written as NixOS modules. */
export interface RenderedMachine {
  readonly name: string;
  /** Where it was declared, for the comment on top. */
  readonly declared: string;
  readonly system: string;
  /** Nix system of what builds it, where that is another one. */
  readonly buildPlatform?: string | undefined;
  readonly stateVersion: string;
  /** Whether deployments may reboot it, so that its systems know how to be tried by booting them. */
  readonly mayReboot?: boolean;
  /** Addresses of its peers, by name; undefined when they are not asked for yet. */
  readonly hosts: Readonly<Record<string, string>> | undefined;
  /** Host keys of its peers; undefined when they are not asked for yet. */
  readonly knownHosts: readonly KnownHost[] | undefined;
  readonly config: unknown;
  /** Its ends of encrypted links; undefined when it has none. */
  readonly links?: unknown;
  /** The target's half. */
  readonly physical: unknown;
  readonly modules: readonly RenderedModule[];
  /** How many of the first modules the target brought; default 0. */
  readonly targetModules?: number;
  /** Name of the pin that is its nixpkgs, or of the flake whose `nixosConfigurations` it is taken from. */
  readonly pin: string;
  /** Name of the `nixosConfigurations` that it takes over. */
  readonly configuration?: string | undefined;
  /** Further arguments of its modules, if any. */
  readonly specialArgs: unknown;
  /** Where its keys lie, by name; undefined when it has none. */
  readonly keys?: Readonly<Record<string, KeyPlace>> | undefined;
}

export interface RenderedNetwork {
  readonly name: string;
  readonly stack: string;
  /** By name; `nixpkgs` is the network's. */
  readonly pins: ReadonlyMap<string, PinInUse>;
  readonly defaults: unknown;
  readonly defaultModules: readonly RenderedModule[];
  readonly machines: readonly RenderedMachine[];
  /** Relative path from the files' directory to the project root. */
  readonly toRoot: string;
}

/**
 * The files of a network by name; `default.nix` brings them together and builds without Firn.
 *
 * @param sources takes in the directories that enter the store
 */
export function renderNetwork(network: RenderedNetwork, sources: ProjectSources): Map<string, string> {
  const files = new Map<string, string>();
  const options = { pathPrefix: network.toRoot, source: sources.file };
  for (const { name, header, config } of moduleFiles(network))
    files.set(name, printModule(config as never, { header, ...options }));
  for (const machine of network.machines)
    if (machine.specialArgs !== undefined)
      files.set(`${machine.name}.args.nix`, `${printValue(machine.specialArgs, options)}\n`);
  if (network.machines.some((machine) => machine.keys))
    files.set(KEYS_MODULE, readFileSync(join(NIX_FILES, "keys.nix"), "utf8"));
  for (const { file, text } of sources.all()) files.set(file, text);
  files.set("default.nix", renderEntry(network));
  return files;
}

/** The file that brings a network together. */
export function renderEntry(network: RenderedNetwork): string {
  const pins = [...network.pins].map(([name, pin]) => `    ${name} = ${pin.portable};`);
  return `# Network "${network.name}", stack "${network.stack}": written by Firn, builds without it:
#   nix-build -A MACHINE.config.system.build.toplevel
{
  pins ? {
${pins.join("\n")}
  },
  onNodes ? _name: nodes: nodes,
  unknown ? _options: rec {
    value = _path: "firn-unknown";
    condition = _path: true;
    within = _path: make: make "firn-unknown";
    steady = { inherit value condition within; };
  },
}:
let
  machines = {
${network.machines.map((machine) => renderMachine(machine, network)).join("\n")}
  };

  # Stands for values that are only known after provisioning; after \`pulumi up\` nothing uses it.
  placeholders = { options, ... }: { _module.args.${UNKNOWN_ARGUMENT} = unknown options; };

  evaluate = name: machine:
    let
      modules = machine.modules ++ [ placeholders ];
      specialArgs = {
        inherit name;
        nodes = onNodes name nodes;
      } // machine.specialArgs;
    in
    if machine ? configuration then machine.configuration.extendModules { inherit modules specialArgs; }
    else import (machine.nixpkgs + "/nixos/lib/eval-config.nix") {
      inherit (machine) system;
      inherit modules specialArgs;
    };

  nodes = builtins.mapAttrs evaluate machines;
in
nodes
`;
}

function renderMachine(machine: RenderedMachine, network: RenderedNetwork): string {
  const { name } = machine;
  const modules = [
    ...["defaults.nix", ...ownFiles(machine)].map((file) => `./${file}`),
    ...renderModules("defaults", network.defaultModules, network.toRoot),
    ...renderModules(name, machine.modules, network.toRoot),
  ];
  const source =
    machine.configuration === undefined
      ? `nixpkgs = pins.${machine.pin};
      system = "${machine.system}";`
      : `configuration = pins.${machine.pin}.nixosConfigurations.${JSON.stringify(machine.configuration)};`;
  return `    "${name}" = {
      ${source}
      specialArgs = ${machine.specialArgs === undefined ? "{ }" : `import ./${name}.args.nix`};
      modules = [
${modules.map((module) => `        ${module}`).join("\n")}
      ];
    };`;
}

function renderModules(owner: string, modules: readonly RenderedModule[], toRoot: string): string[] {
  return modules.map((module, index) => {
    if ("value" in module) return `./${owner}.module-${index + 1}.nix`;
    if ("path" in module) return `(./. + ${JSON.stringify(`/${toRoot}/${module.path}`)})`;
    return `pins.${module.pin}${module.attribute.map((name) => `.${JSON.stringify(name)}`).join("")}`;
  });
}
