import * as pulumi from "@pulumi/pulumi";
import type { Keys } from "../keys/args.js";
import type { Machine } from "../machine.js";
import type { Host } from "../target.js";
import { type ClientPeer, clientConfigText } from "./client-config.js";
import { addressBetween, endpointAddress, endpointText, tunnelMtu } from "./end.js";
import type { LinkEnd, LinkIdentity, LinkPeer } from "./kind.js";
import type { Links, Participant } from "./links.js";
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

/** One machine's end of all its tunnels. */
export function machineEnd(
  links: Links,
  machine: Machine,
  own: Participant,
  absent: ReadonlySet<string>,
): LinkEnd {
  const neighbours = (links.plan().neighbours.get(machine.machineName) ?? []).filter(
    ({ name }) => !absent.has(name),
  );
  return {
    interface: links.interface,
    addresses: [`${own.addresses.ipv4}/32`, `${own.addresses.ipv6}/128`],
    port: links.port,
    mtu: tunnelMtu(hostsOf(links, machine, neighbours), links.kind.overhead),
    rotates: rotates(machine),
    keyFile: keyFile(links.interface),
    keyUnit: `${LINK_KEY}-key.service`,
    peers: neighbours.map((neighbour) => peerOf(links, machine.host, neighbour)),
  };
}

/** The configuration of a peer whose keys the stack makes. */
export function peerClientConfig(
  links: Links,
  own: Participant,
  identity: LinkIdentity,
): pulumi.Output<string> {
  const neighbours = links.plan().neighbours.get((own.node as Peer).name) ?? [];
  const peers = pulumi.all(neighbours.map((neighbour) => clientPeer(links, neighbour)));
  return pulumi
    .all([identity.privateKey, ownAddresses(own), peers])
    .apply(([privateKey, addresses, known]) =>
      clientConfigText({ privateKey, addresses, mtu: tunnelMtu([], links.kind.overhead), peers: known }),
    );
}

function clientPeer(links: Links, neighbour: Neighbour): pulumi.Output<ClientPeer> {
  const { node, identity } = links.participant(neighbour.name);
  return pulumi
    .all([identity?.publicKey ?? "", addressesThrough(links, neighbour), (node as Machine).host.address])
    .apply(([publicKey, addresses, address]) => ({
      name: neighbour.name,
      publicKey,
      addresses,
      ...(neighbour.dials ? { endpoint: endpointText(address, links.port) } : {}),
    }));
}

function peerOf(links: Links, from: Host, neighbour: Neighbour): LinkPeer {
  const { node, identity } = links.participant(neighbour.name);
  const common = {
    name: neighbour.name,
    addresses: addressesThrough(links, neighbour),
    trusted: neighbour.trusted,
    keepAlive: !neighbour.answers,
  };
  if (node instanceof Peer) {
    const endpoint = pulumi.output(node.args.endpoint ?? "");
    return {
      ...common,
      publicKey: identity?.publicKey ?? node.args.publicKey ?? "",
      ...(neighbour.dials ? { endpoint } : {}),
      comesFrom: endpoint.apply((text) => (text === "" ? undefined : endpointAddress(text))),
    };
  }
  const address = addressBetween(from, node.host);
  return {
    ...common,
    publicKey: identity?.publicKey ?? "",
    ...(identity && rotates(node) ? { previousPublicKey: identity.previousPublicKey } : {}),
    ...(neighbour.dials ? { endpoint: address.apply((text) => endpointText(text, links.port)) } : {}),
    comesFrom: neighbour.dials ? address : undefined,
  };
}

/** Addresses of a neighbour and of those behind it. */
function addressesThrough(links: Links, { name, through }: Neighbour): pulumi.Output<string[]> {
  const participants = [name, ...through].map((each) => links.participant(each));
  return pulumi.all(participants.map(ownAddresses)).apply((lists) => lists.flat());
}

/** Addresses of a participant inside the tunnels, in CIDR notation. */
export function ownAddresses({ node, addresses }: Participant): pulumi.Output<readonly string[]> {
  const planned = [`${addresses.ipv4}/32`, `${addresses.ipv6}/128`];
  return pulumi.output(node instanceof Peer ? (node.args.addresses ?? planned) : planned) as pulumi.Output<
    readonly string[]
  >;
}

function hostsOf(links: Links, machine: Machine, neighbours: readonly Neighbour[]): Host[] {
  const others = neighbours.map(({ name }) => links.participant(name).node);
  return [machine, ...others].flatMap((node) => (node instanceof Peer ? [] : [node.host]));
}
