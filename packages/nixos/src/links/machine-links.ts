import type { NixModule } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import type { Outputs } from "../config.js";
import { internalName } from "../evaluation/module-files.js";
import type { Keys } from "../keys/args.js";
import type { Machine } from "../machine.js";
import type { LinkOpening } from "../target.js";
import type { TunnelAddresses } from "./addresses.js";
import { type AllFacts, linkKey, machineEnd } from "./assemble.js";
import { endpointAddress } from "./end.js";
import { type Facts, whenKnown } from "./facts.js";
import { linkOpenings } from "./firewall.js";
import type { LinkPeer } from "./kind.js";
import type { Links } from "./links.js";
import { linkModule } from "./module.js";
import type { Participant } from "./participant.js";
import { Peer } from "./peer.js";

/** One machine's links, once all machines are declared. */
export class MachineLinks {
  constructor(
    private readonly links: Links,
    private readonly participant: Participant,
    private readonly machine: Machine,
  ) {}

  get addresses(): TunnelAddresses {
    return this.participant.addresses;
  }

  /** Its private key. */
  get keys(): Keys {
    const { identity } = this.participant;
    return identity ? linkKey(this.links.interface, identity) : {};
  }

  /** Names of the machines and peers that it reaches inside the tunnels. */
  get reaches(): ReadonlySet<string> {
    return this.links.plan().reaches.get(this.machine.machineName) ?? new Set();
  }

  /**
   * What a firewall in front of it must let in. The ports are told at once, because a machine may be made after its
   * firewall, and who reaches them when the addresses of all are known.
   */
  async openings(): Promise<LinkOpening[]> {
    const end = (facts: AllFacts) => machineEnd(this.links, this.machine, facts, new Set());
    const late = this.links.facts(false).then(end);
    return linkOpenings(end(await this.links.facts(true)), late, (peer) => this.outside(peer));
  }

  /** A peer's public address; undefined where the two share a private network. */
  private outside({ name }: LinkPeer): pulumi.Output<string | undefined> {
    const { node } = this.links.participant(name);
    if (node instanceof Peer)
      return pulumi.output(node.args.endpoint).apply((endpoint) => endpoint && endpointAddress(endpoint));
    const networks = pulumi.all([this.machine.host.privateNetwork, node.host.privateNetwork]);
    return networks.apply(([own, its]) =>
      own !== undefined && own === its ? pulumi.output<string | undefined>(undefined) : node.host.address,
    );
  }

  /**
   * The NixOS half of its links.
   *
   * @param absent machines whose hosts could not be made: they are left out for now
   * @param early leaves out what waits for a resource
   */
  async module(absent: ReadonlySet<string>, early: boolean): Promise<NixModule<Outputs>> {
    const facts = await this.links.facts(early);
    const { kind, addressRange } = this.links;
    const forwards = this.links.plan().forwarding.has(this.machine.machineName);
    const end = machineEnd(this.links, this.machine, facts, absent);
    return linkModule({ kind, forwards, addressRange }, end, this.names(facts, absent));
  }

  /** Names of those that it reaches, by address inside the tunnels. */
  private names(facts: AllFacts, absent: ReadonlySet<string>): Record<string, string[]> {
    const reached = [...this.reaches].filter((name) => !absent.has(name));
    const addresses = new Map(reached.map((name) => [name, (facts.get(name) as Facts).addresses]));
    return whenKnown([...addresses.values()], () =>
      Object.fromEntries(
        [...addresses].flatMap(([name, own]) =>
          own
            .filter(isSingleAddress)
            .map((each) => [each.replace(/\/\d+$/, ""), [name, internalName(name, this.links.networkName)]]),
        ),
      ),
    );
  }
}

/** Whether an address in CIDR notation is one host's. */
function isSingleAddress(cidr: string): boolean {
  return cidr.endsWith(cidr.includes(":") ? "/128" : "/32");
}
