import {
  addressCount,
  formatIpv4,
  formatSubnet,
  parseIpv4,
  prefixLengthOf,
  type Subnet,
} from "@firn/nixos/ipv4";
import { childrenOf, element, find, type XmlElement } from "../xml/element.js";
import { networkSubnet } from "./subnet.js";

/** Whether machines reach the outside through the host, or each other and the host alone. */
export type NetworkMode = "nat" | "isolated";

/** A network of libvirt's without what only the host can say: its UUID and a subnet that is free there. */
export function networkDefinition(name: string, title: string, mode: NetworkMode): XmlElement {
  return element(
    "network",
    {},
    element("name", {}, name),
    element("title", {}, title),
    ...(mode === "nat" ? [element("forward", { mode: "nat" })] : []),
    element("bridge", { stp: "on", delay: "0" }),
  );
}

/** The definition with a UUID, and with a subnet where it says none itself. */
export function completeNetwork(definition: XmlElement, uuid: string, subnet: Subnet): XmlElement {
  const { base } = subnet;
  const size = addressCount(subnet);
  const ip = element(
    "ip",
    { address: formatIpv4(base + 1), prefix: subnet.prefixLength },
    element(
      "dhcp",
      {},
      // The lower half is for addresses that are planned.
      element("range", { start: formatIpv4(base + size / 2), end: formatIpv4(base + size - 2) }),
    ),
  );
  return {
    ...definition,
    children: [
      ...definition.children,
      element("uuid", {}, uuid),
      ...(find(definition, "ip") === undefined ? [ip] : []),
    ],
  };
}

/** An address that a network gives to one MAC address. */
export interface Reservation {
  readonly mac: string;
  readonly address: string;
}

/** What a network that exists says of its addresses. */
export interface NetworkAddresses {
  /** Subnet of IPv4; undefined for a bridge that belongs to the host. */
  readonly subnet?: string;
  /** The host's own address in it. */
  readonly gateway?: string;
  /** Whether it gives addresses by DHCP. */
  readonly hasDhcp: boolean;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  readonly reservations: readonly Reservation[];
}

/** Reads what `virsh net-dumpxml` prints. */
export function addressesOf(network: XmlElement): NetworkAddresses {
  const ip = childrenOf(network, "ip").find(({ attributes }) => (attributes.family ?? "ipv4") === "ipv4");
  const { address, prefix, netmask } = ip?.attributes ?? {};
  const dhcp = ip && find(ip, "dhcp");
  const bits = prefix ?? (netmask === undefined ? undefined : prefixLengthOf(netmask));
  const list = (name: string) => (dhcp === undefined ? [] : childrenOf(dhcp, name));
  return {
    ...(address === undefined || bits === undefined
      ? {}
      : { subnet: formatSubnet(networkSubnet(`${address}/${bits}`)), gateway: address }),
    hasDhcp: dhcp !== undefined,
    ranges: list("range").map(({ attributes }) => ({
      start: parseIpv4(attributes.start ?? "") ?? 0,
      end: parseIpv4(attributes.end ?? "") ?? 0,
    })),
    reservations: list("host").flatMap(({ attributes: { mac, ip: given } }) =>
      mac === undefined || given === undefined ? [] : [{ mac: mac.toLowerCase(), address: given }],
    ),
  };
}
