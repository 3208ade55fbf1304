import { absoluteReference, findNixpkgs, type Pin, warmUpNix } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import { jumpHosts } from "./connection.js";
import { forgetOthers } from "./deploy/roots.js";
import { FirnError, shownBare } from "./errors.js";
import { evaluationMemory } from "./evaluation/groups.js";
import { inArgument } from "./evaluation/mistake.js";
import { Mistakes } from "./evaluation/mistakes.js";
import { evaluateNetwork, type NetworkEvaluationRequest } from "./evaluation/network.js";
import type { RenderedMachine } from "./evaluation/render.js";
import { reportFailures } from "./evaluation/report.js";
import { type Resolved, resolveConfig } from "./evaluation/resolve.js";
import { keyPlaces } from "./keys/inputs.js";
import { readKeySums } from "./keys/sums.js";
import { showLocation } from "./location.js";
import type { Machine } from "./machine.js";
import {
  flakePinName,
  flakePins,
  type ResolvedModules,
  resolveModules,
  splitConfiguration,
} from "./modules.js";
import { hostKeyOf, type Neighbours, neighboursOf } from "./neighbours.js";
import type { Network } from "./network.js";
import { OptionQueries } from "./option-queries.js";
import { deploymentOrder } from "./order.js";
import { type Inspected, inspect } from "./pulumi-internals.js";
import type { Manifest } from "./system.js";

/** What a machine's System is made of; in a preview, parts may be unknown. */
export interface MachineOutcome {
  readonly drvPath: pulumi.Input<string>;
  readonly toplevel: pulumi.Input<string>;
  readonly manifest: pulumi.Input<Manifest>;
  /** Plain digests of those of its keys whose values are where `pulumi` runs, by name. */
  readonly keySums: ReadonlyMap<string, string>;
  readonly dependsOn: pulumi.Resource[];
}

/** A machine with all that it waits for. */
interface Gathered {
  readonly machine: Machine;
  readonly config: Resolved;
  readonly physical: Resolved;
  readonly modules: ResolvedModules;
  readonly specialArgs: Resolved | undefined;
  /** The jump hosts that it is reached through. */
  readonly via: Inspected | undefined;
  /** Undefined while it is not known: in a preview, or because the host could not be made. */
  readonly privateAddress: string | undefined;
  /** Its address inside the tunnels when it is linked, otherwise its private address; undefined while it is not known. */
  readonly reachedAt: string | undefined;
  /** Undefined while it is not known. */
  readonly hostKey: string | undefined;
  /** Undefined while it is not known. */
  readonly address: string | undefined;
  /** The private network that `privateAddress` belongs to, if it belongs to one. */
  readonly privateNetwork: string | undefined;
}

const UNKNOWN: Omit<MachineOutcome, "dependsOn" | "keySums"> = {
  drvPath: pulumi.unknown as never,
  toplevel: pulumi.unknown as never,
  manifest: pulumi.unknown as never,
};

/**
 * Takes a network's machines from declaration to evaluation: once per run and for all of them together, as soon as
 * the program has declared them and what their configurations wait for is known.
 */
export class Rollout {
  private readonly machines: Machine[] = [];
  private readonly dependsOn = new Map<Machine, pulumi.ComponentResourceOptions["dependsOn"]>();
  private outcomes: Promise<Map<Machine, MachineOutcome>> | undefined;
  private allDeclared: Promise<void> | undefined;
  private closed = false;
  private readonly queries = new OptionQueries(() => this.describeEarly());

  constructor(private readonly network: Network) {
    warmUpNix();
  }

  /** Takes a machine in; the outcome comes when the whole network is evaluated. */
  add(machine: Machine, dependsOn: pulumi.ComponentResourceOptions["dependsOn"]): Promise<MachineOutcome> {
    if (this.closed)
      throw new FirnError(
        `${showLocation(machine.declared, this.network.root)}: machine "${machine.machineName}" is declared after its network was ` +
          "evaluated. Declare all machines of a network without `await` between them: await what they need before the first.",
      );
    this.machines.push(machine);
    this.dependsOn.set(machine, dependsOn);
    this.outcomes ??= this.declared().then(() =>
      this.run().catch((error) => {
        throw shownBare(error);
      }),
    );
    return this.outcomes.then((outcomes) => outcomes.get(machine) as MachineOutcome);
  }

  /** Resolves when the program has declared all machines. */
  declared(): Promise<void> {
    this.allDeclared ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.closed = true;
    });
    return this.allDeclared;
  }

  /** Value of an option, told before the machine exists. */
  option(machine: Machine, path: readonly string[], attributes?: readonly string[]): Promise<unknown> {
    return this.queries.ask({ machine: machine.machineName, path, attributes }).catch((error) => {
      throw shownBare(error);
    });
  }

  /** The network as far as it can be told without waiting for any resource. */
  private async describeEarly(): Promise<NetworkEvaluationRequest> {
    const defaults = await gatherDefaults(this.network, true);
    const gathered = await Promise.all(this.machines.map((machine) => gather(machine, true)));
    return this.request(
      defaults,
      await Promise.all(
        gathered.map(async (each) => this.render(each, undefined, await gatherLinks(each, new Set(), true))),
      ),
    );
  }

  private request(
    defaults: GatheredDefaults,
    machines: readonly RenderedMachine[],
  ): NetworkEvaluationRequest {
    const { network } = this;
    const modules = [
      ...(network.args.defaults?.modules ?? []),
      ...this.machines.flatMap((m) => m.args.modules ?? []),
    ];
    const own = this.machines.flatMap((machine) => ownPins(machine, network.root));
    return {
      name: network.networkName,
      stack: pulumi.getStack(),
      root: network.root,
      pins: new Map([["nixpkgs", network.pin], ...own, ...flakePins(modules, network.root)]),
      defaults: defaults.config.value,
      defaultModules: defaults.modules.modules,
      machines,
      memory: evaluationMemory(new pulumi.Config("firn").getNumber("evalMemory")),
    };
  }

  private async run(): Promise<Map<Machine, MachineOutcome>> {
    const { network } = this;
    const keySums = await readKeySums(this.machines, network.root);
    for (const remark of network.links.plan().remarks) void pulumi.log.info(remark, network);
    const mistakes = new Mistakes(network, this.machines);
    const [defaults, ...gathered] = await Promise.all([
      mistakes.collect(undefined, gatherDefaults(network, false)),
      ...this.machines.map((machine) => mistakes.collect(machine, gather(machine, false))),
    ]);
    mistakes.report();
    const present = pulumi.runtime.isDryRun()
      ? gathered
      : gathered.filter((each) => each.privateAddress !== undefined && isKnown(each, defaults));
    for (const { machine, privateAddress } of gathered)
      network.links.checkOwnAddress(machine.machineName, privateAddress);
    this.reportAbsent(gathered.filter((each) => !present.includes(each)));

    const absent = new Set(
      gathered.filter((each) => !present.includes(each)).map(({ machine }) => machine.machineName),
    );
    const links = new Map(
      await Promise.all(present.map(async (each) => [each, await gatherLinks(each, absent, false)] as const)),
    );
    const rendered = present.map((each) => this.render(each, neighboursOf(each, present), links.get(each)));
    const request = this.request(defaults, rendered);
    const evaluation = await evaluateNetwork(request);
    for (const warning of evaluation.warnings) void pulumi.log.warn(warning, network);
    const uncertain = gathered.filter((each) => !isCertain(each, defaults));
    await reportFailures(
      evaluation,
      this.machines,
      network,
      request,
      new Set(uncertain.map((each) => each.machine.machineName)),
    );

    if (!pulumi.runtime.isDryRun()) {
      const names = this.machines.map((machine) => machine.machineName);
      forgetOthers(network.root, pulumi.getStack(), network.networkName, names);
    }
    const peersKnown = present.every(
      (each) => each.privateAddress !== undefined && each.hostKey !== undefined,
    );
    const order = await deploymentOrder(gathered, this.dependsOn);
    const outcomes = new Map<Machine, MachineOutcome>();
    for (const each of gathered) {
      const { machine } = each;
      const known = peersKnown && isKnown(each, defaults) && (links.get(each)?.unknown.length ?? 0) === 0;
      const result = known ? evaluation.evaluated.get(machine.machineName) : undefined;
      outcomes.set(machine, {
        ...(result ?? UNKNOWN),
        keySums: keySums.get(machine) ?? new Map(),
        dependsOn: order.get(machine) ?? [],
      });
    }
    return outcomes;
  }

  private render(
    each: Gathered,
    neighbours: Neighbours | undefined,
    links: Resolved | undefined,
  ): RenderedMachine {
    const { network } = this;
    const { machine } = each;
    const { args } = machine;
    const takeover =
      args.flake === undefined ? undefined : splitConfiguration(args.flake, machine.machineName);
    return {
      name: machine.machineName,
      declared: showLocation(machine.declared, network.root),
      system: args.system ?? network.system,
      buildPlatform: args.buildPlatform ?? network.args.buildPlatform,
      stateVersion: args.stateVersion ?? network.args.stateVersion,
      mayReboot: (args.reboot ?? network.args.reboot ?? "never") !== "never",
      hosts: neighbours?.hosts,
      knownHosts: neighbours?.knownHosts,
      links: links?.value,
      config: each.config.value,
      physical: each.physical.value,
      modules: each.modules.modules,
      targetModules: machine.host.modules?.length ?? 0,
      pin: takeover
        ? flakePinName(takeover.reference)
        : args.nixpkgs
          ? `nixpkgs-${machine.machineName}`
          : "nixpkgs",
      configuration: takeover?.name,
      specialArgs: each.specialArgs?.value,
      keys: keyPlaces(machine.keys),
    };
  }

  private reportAbsent(absent: readonly Gathered[]): void {
    for (const { machine, privateAddress } of absent) {
      const name = machine.machineName;
      void pulumi.log.warn(
        privateAddress === undefined
          ? `${name} has no host, so the other machines' hosts do not name it yet; the next \`pulumi up\` adds it.`
          : `${name} is not deployed: its configuration needs something that could not be made.`,
        machine,
      );
    }
  }
}

/** What all machines share, resolved. */
interface GatheredDefaults {
  readonly config: Resolved;
  readonly modules: ResolvedModules;
}

async function gatherDefaults(network: Network, early: boolean): Promise<GatheredDefaults> {
  const { config = {}, modules = [] } = network.args.defaults ?? {};
  return {
    config: await inArgument(["defaults", "config"], resolveConfig(config, { early })),
    modules: await resolveModules(modules, early, (index) => ["defaults", "modules", index]),
  };
}

/** @param early leaves out everything that waits for a resource */
async function gather(machine: Machine, early: boolean): Promise<Gathered> {
  const { args, host } = machine;
  const targetModules = host.modules ?? [];
  const later = async (input: unknown) => textOf(early ? undefined : await inspect(input));
  const [config, physical, modules, specialArgs, hostKey, via, ...texts] = await Promise.all([
    inArgument(["config"], resolveConfig(args.config ?? {}, { early })),
    resolveConfig(host.module, { early, kind: "target" }),
    resolveModules([...targetModules, ...(args.modules ?? [])], early, (index) => [
      "modules",
      index - targetModules.length,
    ]),
    args.specialArgs === undefined
      ? undefined
      : inArgument(["specialArgs"], resolveConfig(args.specialArgs, { early, kind: "elsewhere" })),
    early ? undefined : inspect(machine.hostKey),
    early || !machine.ssh.via
      ? undefined
      : inspect(pulumi.all(jumpHosts(machine.ssh.via).map((hop) => hop.address))),
    later(host.privateAddress),
    later(host.privateNetwork),
    later(machine.address),
    later(machine.privateAddress),
  ]);
  const [privateAddress, privateNetwork, address, reachedAt] = texts;
  return {
    machine,
    config,
    physical,
    modules,
    specialArgs,
    via,
    privateAddress,
    privateNetwork,
    address,
    reachedAt,
    hostKey: hostKeyOf(machine.machineName, hostKey),
  };
}

function textOf(inspected: Inspected | undefined): string | undefined {
  return typeof inspected?.value === "string" ? inspected.value : undefined;
}

/** @param absent machines whose hosts could not be made */
async function gatherLinks(
  { machine }: Gathered,
  absent: ReadonlySet<string>,
  early: boolean,
): Promise<Resolved | undefined> {
  const module = await machine.linkModule(absent, early);
  return module === undefined ? undefined : resolveConfig(module, { early, kind: "target" });
}

function isKnown(each: Gathered, defaults: GatheredDefaults): boolean {
  return each.physical.unknown.length === 0 && isCertain(each, defaults);
}

/** Whether all that the program itself says of a machine is known. */
function isCertain({ config, modules, specialArgs }: Gathered, defaults: GatheredDefaults): boolean {
  const parts = [config, modules, specialArgs, defaults.config, defaults.modules];
  return parts.every((part) => part === undefined || part.unknown.length === 0);
}

/** Pins that one machine has for itself. */
function ownPins({ args, machineName }: Machine, root: string): [string, Pin][] {
  const pins: [string, Pin][] = [];
  if (args.nixpkgs)
    pins.push([`nixpkgs-${machineName}`, findNixpkgs(args.nixpkgs, { root, warn: () => {} })]);
  if (args.flake !== undefined) {
    const { reference } = splitConfiguration(args.flake, machineName);
    pins.push([flakePinName(reference), { kind: "flake", reference: absoluteReference(reference, root) }]);
  }
  return pins;
}
