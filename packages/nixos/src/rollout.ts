import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { FirnError, shownBare } from "./errors.js";
import { evaluateNetwork, type NetworkEvaluationRequest, renderedDirectory } from "./evaluation/network.js";
import type { RenderedMachine } from "./evaluation/render.js";
import { reportFailures } from "./evaluation/report.js";
import { type Resolved, resolveConfig } from "./evaluation/resolve.js";
import { showLocation } from "./location.js";
import type { Machine } from "./machine.js";
import type { Network } from "./network.js";
import { OptionQueries } from "./option-queries.js";
import { deploymentOrder } from "./order.js";
import { inspect } from "./pulumi-internals.js";
import type { Manifest } from "./system.js";

/** What a machine's System is made of; in a preview, parts may be unknown. */
export interface MachineOutcome {
  readonly drvPath: pulumi.Input<string>;
  readonly toplevel: pulumi.Input<string>;
  readonly manifest: pulumi.Input<Manifest>;
  readonly dependsOn: pulumi.Resource[];
}

/** A machine with all that it waits for. */
interface Gathered {
  readonly machine: Machine;
  readonly config: Resolved;
  readonly physical: Resolved;
  /** Undefined while it is not known: in a preview, or because the host could not be made. */
  readonly privateAddress: string | undefined;
}

const UNKNOWN: Omit<MachineOutcome, "dependsOn"> = {
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
  private closed = false;
  private readonly queries = new OptionQueries(() => this.describeEarly());

  constructor(private readonly network: Network) {}

  /** Takes a machine in; the outcome comes when the whole network is evaluated. */
  add(machine: Machine, dependsOn: pulumi.ComponentResourceOptions["dependsOn"]): Promise<MachineOutcome> {
    if (this.closed)
      throw new FirnError(
        `${showLocation(machine.declared, this.network.root)}: machine "${machine.machineName}" is declared after its network was ` +
          "evaluated. Declare all machines of a network without `await` between them: await what they need before the first.",
      );
    this.machines.push(machine);
    this.dependsOn.set(machine, dependsOn);
    this.outcomes ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.closed = true;
      return this.run().catch((error) => {
        throw shownBare(error);
      });
    });
    return this.outcomes.then((outcomes) => outcomes.get(machine) as MachineOutcome);
  }

  /** Value of an option, told before the machine exists. */
  option(machine: Machine, path: readonly string[]): Promise<unknown> {
    return this.queries.ask({ machine: machine.machineName, path }).catch((error) => {
      throw shownBare(error);
    });
  }

  /** The network as far as it can be told without waiting for any resource. */
  private async describeEarly(): Promise<NetworkEvaluationRequest> {
    const defaults = await resolveConfig(this.network.args.defaults?.config ?? {}, true);
    const machines = await Promise.all(
      this.machines.map(async (machine) => {
        const config = await resolveConfig(machine.args.config ?? {}, true);
        const physical = await resolveConfig(machine.host.module, true);
        return this.render(machine, config, physical, undefined);
      }),
    );
    return this.request(defaults, machines);
  }

  private request(defaults: Resolved, machines: readonly RenderedMachine[]): NetworkEvaluationRequest {
    const { network } = this;
    return {
      name: network.networkName,
      stack: pulumi.getStack(),
      root: network.root,
      pin: network.pin,
      defaults: defaults.value,
      defaultModules: network.args.defaults?.modules ?? [],
      machines,
    };
  }

  private async run(): Promise<Map<Machine, MachineOutcome>> {
    const { network } = this;
    const defaults = await resolveConfig(network.args.defaults?.config ?? {});
    const gathered = await Promise.all(this.machines.map((machine) => gather(machine)));
    const present = pulumi.runtime.isDryRun()
      ? gathered
      : gathered.filter((each) => isComplete(each, defaults));
    this.reportAbsent(gathered.filter((each) => !present.includes(each)));

    const rendered = present.map((each) =>
      this.render(each.machine, each.config, each.physical, hostsOf(each, present)),
    );
    const evaluation = await evaluateNetwork(this.request(defaults, rendered));
    for (const warning of evaluation.warnings) void pulumi.log.warn(warning, network);
    reportFailures(
      evaluation.failures,
      this.machines,
      renderedDirectory(network.root, pulumi.getStack(), network.networkName),
      network.root,
    );

    const addressesKnown = present.every((each) => each.privateAddress !== undefined);
    const order = await deploymentOrder(gathered, this.dependsOn);
    const outcomes = new Map<Machine, MachineOutcome>();
    for (const each of gathered) {
      const { machine, config, physical } = each;
      const known = addressesKnown && [config, physical, defaults].every((part) => part.unknown.length === 0);
      const result = known ? evaluation.evaluated.get(machine.machineName) : undefined;
      outcomes.set(machine, { ...(result ?? UNKNOWN), dependsOn: order.get(machine) ?? [] });
    }
    return outcomes;
  }

  private render(
    machine: Machine,
    config: Resolved,
    physical: Resolved,
    hosts: RenderedMachine["hosts"],
  ): RenderedMachine {
    const { network } = this;
    return {
      name: machine.machineName,
      declared: showLocation(machine.declared, network.root),
      system: machine.args.system ?? network.system,
      stateVersion: machine.args.stateVersion ?? network.args.stateVersion,
      hosts,
      config: config.value,
      physical: physical.value,
      modules: [...(machine.host.modules ?? []), ...(machine.args.modules ?? [])],
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

async function gather(machine: Machine): Promise<Gathered> {
  const [config, physical, address] = await Promise.all([
    resolveConfig(machine.args.config ?? {}),
    resolveConfig(machine.host.module),
    inspect(machine.privateAddress),
  ]);
  const privateAddress = typeof address.value === "string" ? address.value : undefined;
  return { machine, config, physical, privateAddress };
}

/** Addresses of a machine's peers. */
function hostsOf(each: Gathered, present: readonly Gathered[]): Record<string, string> {
  const hosts: Record<string, string> = {};
  for (const [index, peer] of present.entries()) {
    // In a preview, an address of the range for documentation stands for one that is not known yet.
    const address = peer.privateAddress ?? `192.0.2.${(index % 254) + 1}`;
    if (peer !== each && isIP(address) !== 0) hosts[peer.machine.machineName] = address;
  }
  return hosts;
}

function isComplete(each: Gathered, defaults: Resolved): boolean {
  if (each.privateAddress === undefined) return false;
  return [each.config, each.physical, defaults].every((part) => part.unknown.length === 0);
}
