import { isIP } from "node:net";
import type { Host } from "../target.js";
import { type Facts, whenKnown } from "./facts.js";

/** The size of packets on most networks, in bytes. */
const ETHERNET_MTU = 1500;

/** Where `from` reaches `to`: inside the private network that both are in, otherwise at its public address. */
export function addressBetween(from: Place, to: Place): string {
  return whenKnown([from.privateNetwork, to.privateNetwork], () =>
    from.privateNetwork !== undefined && from.privateNetwork === to.privateNetwork
      ? to.privateAddress
      : to.address,
  );
}

type Place = Pick<Facts, "address" | "privateAddress" | "privateNetwork">;

/** `ADDRESS:PORT`, with an IPv6 address in brackets. */
export function endpointText(address: string, port: number): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The address in an `ADDRESS:PORT`. */
export function endpointAddress(endpoint: string): string {
  return endpoint.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

/** The largest packet that goes through tunnels between these hosts without being taken apart, in bytes. */
export function tunnelMtu(hosts: readonly Host[], overhead: number): number {
  const sizes = hosts.length > 0 ? hosts.map((host) => host.mtu ?? ETHERNET_MTU) : [ETHERNET_MTU];
  return Math.min(...sizes) - overhead;
}
