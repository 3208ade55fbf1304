import { lib, type ModuleLine, moduleLines } from "@firn/nix";
import { knownHosts } from "./known-hosts.js";
import type { RenderedMachine, RenderedModule, RenderedNetwork } from "./render.js";
import { ProjectSources } from "./sources.js";
import { TRIAL_UNIT } from "./trial-unit.js";
import { unknownAt } from "./unknown.js";

/** A rendered module file, and what it is made of. */
export interface ModuleFile {
  readonly name: string;
  readonly header: readonly string[];
  readonly config: unknown;
  /** Whose it is: a machine's, or the network's. */
  readonly machine: string | undefined;
  /** Where its configuration stands in the arguments of the machine or network; undefined where Firn or a target wrote it. */
  readonly argument: readonly (string | number)[] | undefined;
}

/** The module files of a network. */
export function moduleFiles(
  network: Pick<RenderedNetwork, "name" | "stack" | "defaults" | "defaultModules" | "machines">,
): ModuleFile[] {
  const inline = (machine: RenderedMachine | undefined): ModuleFile[] => {
    const owner = machine?.name ?? "defaults";
    const modules = machine?.modules ?? network.defaultModules;
    return inlineFiles(owner, modules).map(([name, value, index]) => {
      const own = index - (machine?.targetModules ?? 0);
      const base = machine ? ["modules"] : ["defaults", "modules"];
      return {
        name,
        header: [`Module of ${owner}.`],
        config: value,
        machine: machine?.name,
        argument: own < 0 ? undefined : [...base, own],
      };
    });
  };
  const defaults: ModuleFile = {
    name: "defaults.nix",
    header: [`What all machines of network "${network.name}" share.`],
    config: network.defaults,
    machine: undefined,
    argument: ["defaults", "config"],
  };
  // What Firn and the target write of a machine.
  const written = ({ name }: RenderedMachine, kind: string, what: string, config: unknown): ModuleFile => ({
    name: `${name}.${kind}.nix`,
    header: [what],
    config,
    machine: name,
    argument: undefined,
  });
  const own = (machine: RenderedMachine): ModuleFile[] => {
    const { name, keys, links } = machine;
    return [
      {
        name: `${name}.nix`,
        header: [
          `Machine "${name}" of network "${network.name}", stack "${network.stack}".`,
          `Declared at ${machine.declared}.`,
        ],
        config: machine.config,
        machine: name,
        argument: ["config"],
      },
      written(machine, "host", `Name and neighbours of machine "${name}".`, wiring(machine, network.name)),
      written(machine, "physical", `What machine "${name}" runs on, as its target says.`, machine.physical),
      ...(links === undefined
        ? []
        : [written(machine, "links", `Encrypted links of machine "${name}".`, links)]),
      ...(keys === undefined
        ? []
        : [written(machine, "keys", `Keys of machine "${name}", without their values.`, { firn: { keys } })]),
    ];
  };
  return [
    defaults,
    ...inline(undefined),
    ...network.machines.flatMap((machine) => [...inline(machine), ...own(machine)]),
  ];
}

/** Where the values of a module file stand in its text. */
export function linesOf(file: ModuleFile, root: string, toRoot: string): ModuleLine[] {
  const source = new ProjectSources(root, toRoot).file;
  return moduleLines(file.config as never, { header: file.header, pathPrefix: toRoot, source });
}

/** Names of the files that hold one machine: what it runs on, who it is, what the user says, and further modules. */
export function machineFiles(machine: RenderedMachine): string[] {
  const { name } = machine;
  const further = inlineFiles(name, machine.modules).map(([file]) => file);
  return [...ownFiles(machine), `${name}.args.nix`, ...further];
}

/** The modules that Firn writes for a machine. */
export function ownFiles({ name, links, keys }: RenderedMachine): string[] {
  const linked = links === undefined ? [] : [`${name}.links.nix`];
  const secrets = keys === undefined ? [] : [KEYS_MODULE, `${name}.keys.nix`];
  return [`${name}.physical.nix`, `${name}.host.nix`, ...linked, ...secrets, `${name}.nix`];
}

/** The module that all machines with keys share. No machine's name begins so. */
export const KEYS_MODULE = "_keys.nix";

/** Names of the files that all machines share. */
export function sharedFiles(network: Pick<RenderedNetwork, "defaultModules">): string[] {
  return ["defaults.nix", ...inlineFiles("defaults", network.defaultModules).map(([file]) => file)];
}

/** Modules that are written down, by the file where. */
function inlineFiles(
  owner: string,
  modules: readonly RenderedModule[],
): [file: string, value: unknown, index: number][] {
  return modules.flatMap((module, index): [string, unknown, number][] =>
    "value" in module ? [[`${owner}.module-${index + 1}.nix`, module.value, index]] : [],
  );
}

const HOSTS = ["networking", "hosts"];
const KNOWN_HOSTS = ["programs", "ssh", "knownHosts"];

/** The name that a machine has everywhere in its network, linked or not. */
export function internalName(machine: string, network: string): string {
  return `${machine}.${network}.internal`;
}

function wiring(machine: RenderedMachine, network: string): Record<string, unknown> {
  const byAddress: Record<string, string[]> = {};
  for (const [name, address] of Object.entries(machine.hosts ?? {}))
    byAddress[address] = [...(byAddress[address] ?? []), name, internalName(name, network)];
  const known = machine.knownHosts?.map((peer) => ({
    ...peer,
    addresses: [internalName(peer.name, network), ...peer.addresses],
  }));
  return {
    networking: {
      hostName: lib.mkDefault(machine.name),
      hosts: machine.hosts ? byAddress : unknownAt(HOSTS),
    },
    programs: { ssh: { knownHosts: known ? knownHosts(known) : unknownAt(KNOWN_HOSTS) } },
    ...platforms(machine),
    system: { stateVersion: lib.mkDefault(machine.stateVersion) },
    ...(machine.mayReboot ? TRIAL_UNIT : {}),
  };
}

/** nixpkgs takes a build platform beside the platform that it names alone, and not beside the older `nixpkgs.system`. */
function platforms({ system, buildPlatform }: RenderedMachine): Record<string, unknown> {
  if (buildPlatform === undefined || buildPlatform === system) return {};
  return {
    nixpkgs: { hostPlatform: lib.mkDefault(system), buildPlatform: lib.mkDefault(buildPlatform) },
  };
}
