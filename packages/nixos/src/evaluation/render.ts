import { lib, type Pin, pinExpression, printModule } from "@firn/nix";
import { UNKNOWN_ARGUMENT, unknownAt } from "./unknown.js";

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
  /** The target's half. */
  readonly physical: unknown;
  /** Module files, relative to the project root. */
  readonly modules: readonly string[];
}

export interface RenderedNetwork {
  readonly name: string;
  readonly stack: string;
  readonly pin: Pin;
  readonly defaults: unknown;
  readonly defaultModules: readonly string[];
  readonly machines: readonly RenderedMachine[];
  /** Relative path from the files' directory to the project root. */
  readonly toRoot: string;
}

/** Names of the files that hold one machine: what it runs on, who it is, and what the user says. */
export function machineFiles(name: string): string[] {
  return [`${name}.physical.nix`, `${name}.host.nix`, `${name}.nix`];
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
  for (const machine of network.machines) {
    files.set(
      `${machine.name}.nix`,
      print(machine.config, [
        `Machine "${machine.name}" of network "${network.name}", stack "${network.stack}".`,
        `Declared at ${machine.declared}.`,
      ]),
    );
    files.set(
      `${machine.name}.host.nix`,
      print({ ...wiring(machine) }, [`Name and neighbours of machine "${machine.name}".`]),
    );
    files.set(
      `${machine.name}.physical.nix`,
      print(machine.physical, [`What machine "${machine.name}" runs on, as its target says.`]),
    );
  }
  files.set("default.nix", renderEntry(network));
  return files;
}

const HOSTS = ["networking", "hosts"];

function wiring(machine: RenderedMachine): Record<string, unknown> {
  const byAddress: Record<string, string[]> = {};
  for (const [name, address] of Object.entries(machine.hosts ?? {}))
    byAddress[address] = [...(byAddress[address] ?? []), name];
  return {
    networking: {
      hostName: lib.mkDefault(machine.name),
      hosts: machine.hosts ? byAddress : unknownAt(HOSTS),
    },
    system: { stateVersion: lib.mkDefault(machine.stateVersion) },
  };
}

function renderEntry(network: RenderedNetwork): string {
  const path = (module: string) =>
    module.startsWith("/")
      ? `(/. + ${JSON.stringify(module)})`
      : `(./. + ${JSON.stringify(`/${network.toRoot}/${module}`)})`;
  const entry = (machine: RenderedMachine) => {
    const own = [...machineFiles(machine.name), "defaults.nix"].map((file) => `./${file}`);
    const modules = [...own, ...[...network.defaultModules, ...machine.modules].map(path)];
    return `    "${machine.name}" = {
      system = "${machine.system}";
      modules = [
${modules.map((module) => `        ${module}`).join("\n")}
      ];
    };`;
  };
  return `# Network "${network.name}", stack "${network.stack}": written by Firn, builds without it:
#   nix-build -A MACHINE.config.system.build.toplevel
{
  pins ? { nixpkgs = ${pinExpression(network.pin)}; },
  onNodes ? _name: nodes: nodes,
  unknown ? _options: _path: "firn-unknown",
}:
let
  machines = {
${network.machines.map(entry).join("\n")}
  };

  # Stands for values that are only known after provisioning; after \`pulumi up\` nothing uses it.
  placeholders = { options, ... }: { _module.args.${UNKNOWN_ARGUMENT} = unknown options; };

  evaluate = name: { system, modules }:
    import (pins.nixpkgs + "/nixos/lib/eval-config.nix") {
      inherit system;
      modules = modules ++ [ placeholders ];
      specialArgs = {
        inherit name;
        nodes = onNodes name nodes;
      };
    };

  nodes = builtins.mapAttrs evaluate machines;
in
nodes
`;
}
