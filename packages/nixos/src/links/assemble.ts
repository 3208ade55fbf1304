import type * as pulumi from "@pulumi/pulumi";
import type { Keys } from "../keys/args.js";
import type { Machine } from "../machine.js";
import { type ClientPeer, clientConfigText } from "./client-config.js";
import { addressBetween, endpointAddress, endpointText, tunnelMtu } from "./end.js";
import { type Facts, whenKnown } from "./facts.js";
import type { LinkEnd, LinkIdentity, LinkPeer } from "./kind.js";
import type { Links } from "./links.js";
import { Peer } from "./peer.js";
import type { Neighbour } from "./topology.js";

/** Name of the key and of the unit that stands for it. */
const LINK_KEY = "firn-link";

/** Number of networkd's group on every NixOS (`ids.nix`); on a machine without networkd it has no members. */
const NETWORKD_GROUP = "152";

/** A machine's private key, as one of its keys; it is on disk, so that a reboot needs nobody. */
export function linkKey(interfaceName: string, identity: LinkIdentity): Keys {
  return {
    [LINK_KEY]: {
      text: identity.privateKey,
      path: keyFile(interfaceName),
      permanent: true,
      group: NETWORKD_GROUP,
      permissions: "0440",
    },
  };
}

/** Whether a machine was told to have another key than its first one. */
export function rotates(machine: Machine): boolean {
  return (machine.args.link?.keyRotation ?? 0) !== 0;
}

function keyFile(interfaceName: string): string {
  return `/var/lib/firn-link/${interfaceName}.key`;
}

/** Facts of all participants by name. */
export type AllFacts = ReadonlyMap<string, Facts>;

/**
 * One machine's end of all its tunnels.
 *
 * @param absent machines whose hosts could not be made
 */
export function machineEnd(
  links: Links,
  machine: Machine,
  facts: AllFacts,
  absent: ReadonlySet<string>,
): LinkEnd {
  const own = facts.get(machine.machineName) as Facts;
  const neighbours = neighboursOf(links, machine.machineName).filter(({ name }) => !absent.has(name));
  return {
    interface: links.interface,
    addresses: own.addresses,
    port: links.port,
    mtu: tunnelMtu(hostsOf(links, machine, neighbours), links.kind.overhead),
    rotates: rotates(machine),
    keyFile: keyFile(links.interface),
    keyUnit: `${LINK_KEY}-key.service`,
    peers: neighbours.map((neighbour) => peerOf(links, own, neighbour, facts)),
  };
}

/** The configuration of a peer whose keys the stack makes; known when all machines are declared. */
export function peerClientConfig(links: Links, name: string, identity: LinkIdentity): pulumi.Output<string> {
  const declared = new Promise<void>((resolve) => setImmediate(resolve));
  return identity.privateKey.apply(async (privateKey) => {
    await declared;
    const facts = await links.facts(false);
    const neighbours = neighboursOf(links, name);
    const parts = neighbours.flatMap((each) => Object.values(facts.get(each.name) as Facts));
    return whenKnown(parts, () =>
      clientConfigText({
        privateKey,
        addresses: facts.get(name)?.addresses ?? [],
        mtu: tunnelMtu([], links.kind.overhead),
        peers: neighbours.map((neighbour) => clientPeer(links, neighbour, facts)),
      }),
    );
  });
}

function clientPeer(links: Links, neighbour: Neighbour, facts: AllFacts): ClientPeer {
  const { publicKey, address } = facts.get(neighbour.name) as Facts;
  return {
    name: neighbour.name,
    publicKey,
    addresses: addressesThrough(neighbour, facts),
    ...(neighbour.dials ? { endpoint: endpointText(address, links.port) } : {}),
  };
}

function peerOf(links: Links, own: Facts, neighbour: Neighbour, facts: AllFacts): LinkPeer {
  const its = facts.get(neighbour.name) as Facts;
  const { node } = links.participant(neighbour.name);
  const common = {
    name: neighbour.name,
    publicKey: its.publicKey,
    addresses: addressesThrough(neighbour, facts),
    trusted: neighbour.trusted,
    keepAlive: !neighbour.answers,
  };
  if (node instanceof Peer) {
    const { address } = its;
    const comesFrom = whenKnown([address], () => (address === "" ? undefined : endpointAddress(address)));
    return { ...common, ...(neighbour.dials ? { endpoint: address } : {}), comesFrom };
  }
  const address = addressBetween(own, its);
  const endpoint = whenKnown([address], () => endpointText(address, links.port));
  return {
    ...common,
    ...(rotates(node) ? { previousPublicKey: its.previousPublicKey } : {}),
    ...(neighbour.dials ? { endpoint } : {}),
    comesFrom: neighbour.dials ? address : undefined,
  };
}

/** Addresses of a neighbour and of those behind it. */
function addressesThrough({ name, through }: Neighbour, facts: AllFacts): readonly string[] {
  const lists = [name, ...through].map((each) => (facts.get(each) as Facts).addresses);
  return whenKnown(lists, () => lists.flat());
}

function neighboursOf(links: Links, name: string): readonly Neighbour[] {
  return links.plan().neighbours.get(name) ?? [];
}

function hostsOf(links: Links, machine: Machine, neighbours: readonly Neighbour[]) {
  const others = neighbours.map(({ name }) => links.participant(name).node);
  return [machine, ...others].flatMap((node) => (node instanceof Peer ? [] : [node.host]));
}
