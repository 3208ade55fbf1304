import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lib, type PinInUse, printModule, print as printValue } from "@firn/nix";
import type { KeyPlace } from "../keys/state.js";
import { NIX_FILES } from "./nodes.js";
import { UNKNOWN_ARGUMENT, unknownAt } from "./unknown.js";

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
  readonly stateVersion: string;
  /** Addresses of its peers, by name; undefined when they are not asked for yet. */
  readonly hosts: Readonly<Record<string, string>> | undefined;
  readonly config: unknown;
  /** Its ends of encrypted links; undefined when it has none. */
  readonly links?: unknown;
  /** The target's half. */
  readonly physical: unknown;
  readonly modules: readonly RenderedModule[];
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

/** Names of the files that hold one machine: what it runs on, who it is, what the user says, and further modules. */
export function machineFiles(machine: RenderedMachine): string[] {
  const { name } = machine;
  const further = inlineFiles(name, machine.modules).map(([file]) => file);
  return [...ownFiles(machine), `${name}.args.nix`, ...further];
}

/** The modules that Firn writes for a machine. */
function ownFiles({ name, links, keys }: RenderedMachine): string[] {
  const linked = links === undefined ? [] : [`${name}.links.nix`];
  const secrets = keys === undefined ? [] : [KEYS_MODULE, `${name}.keys.nix`];
  return [`${name}.physical.nix`, `${name}.host.nix`, ...linked, ...secrets, `${name}.nix`];
}

/** The module that all machines with keys share. No machine's name begins so. */
const KEYS_MODULE = "_keys.nix";

/** Names of the files that all machines share. */
export function sharedFiles(network: Pick<RenderedNetwork, "defaultModules">): string[] {
  return ["defaults.nix", ...inlineFiles("defaults", network.defaultModules).map(([file]) => file)];
}

/** Modules that are written down, by the file where. */
function inlineFiles(owner: string, modules: readonly RenderedModule[]): [file: string, value: unknown][] {
  return modules.flatMap((module, index): [string, unknown][] =>
    "value" in module ? [[`${owner}.module-${index + 1}.nix`, module.value]] : [],
  );
}

/** The files of a network by name; `default.nix` brings them together and builds without Firn. */
export function renderNetwork(network: RenderedNetwork): Map<string, string> {
  const files = new Map<string, string>();
  const print = (config: unknown, header: string[]) =>
    printModule(config as never, { header, pathPrefix: network.toRoot });
  files.set(
    "defaults.nix",
    print(network.defaults, [`What all machines of network "${network.name}" share.`]),
  );
  const printInline = (owner: string, modules: readonly RenderedModule[]) => {
    for (const [file, value] of inlineFiles(owner, modules))
      files.set(file, print(value, [`Module of ${owner}.`]));
  };
  printInline("defaults", network.defaultModules);
  for (const machine of network.machines) {
    printInline(machine.name, machine.modules);
    if (machine.specialArgs !== undefined)
      files.set(
        `${machine.name}.args.nix`,
        `${printValue(machine.specialArgs, { pathPrefix: network.toRoot })}\n`,
      );
    files.set(
      `${machine.name}.nix`,
      print(machine.config, [
        `Machine "${machine.name}" of network "${network.name}", stack "${network.stack}".`,
        `Declared at ${machine.declared}.`,
      ]),
    );
    files.set(
      `${machine.name}.host.nix`,
      print({ ...wiring(machine, network.name) }, [`Name and neighbours of machine "${machine.name}".`]),
    );
    if (machine.links !== undefined)
      files.set(
        `${machine.name}.links.nix`,
        print(machine.links, [`Encrypted links of machine "${machine.name}".`]),
      );
    files.set(
      `${machine.name}.physical.nix`,
      print(machine.physical, [`What machine "${machine.name}" runs on, as its target says.`]),
    );
  }
  for (const { name, keys } of network.machines)
    if (keys) {
      files.set(KEYS_MODULE, readFileSync(join(NIX_FILES, "keys.nix"), "utf8"));
      files.set(
        `${name}.keys.nix`,
        print({ firn: { keys } }, [`Keys of machine "${name}", without their values.`]),
      );
    }
  files.set("default.nix", renderEntry(network));
  return files;
}

const HOSTS = ["networking", "hosts"];

/** The name that a machine has everywhere in its network, linked or not. */
export function internalName(machine: string, network: string): string {
  return `${machine}.${network}.internal`;
}

function wiring(machine: RenderedMachine, network: string): Record<string, unknown> {
  const byAddress: Record<string, string[]> = {};
  for (const [name, address] of Object.entries(machine.hosts ?? {}))
    byAddress[address] = [...(byAddress[address] ?? []), name, internalName(name, network)];
  return {
    networking: {
      hostName: lib.mkDefault(machine.name),
      hosts: machine.hosts ? byAddress : unknownAt(HOSTS),
    },
    system: { stateVersion: lib.mkDefault(machine.stateVersion) },
  };
}

function renderEntry(network: RenderedNetwork): string {
  const pins = [...network.pins].map(([name, pin]) => `    ${name} = ${pin.portable};`);
  return `# Network "${network.name}", stack "${network.stack}": written by Firn, builds without it:
#   nix-build -A MACHINE.config.system.build.toplevel
{
  pins ? {
${pins.join("\n")}
  },
  onNodes ? _name: nodes: nodes,
  unknown ? _options: _path: "firn-unknown",
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
