import { createHash } from "node:crypto";
import { FirnError } from "../errors.js";
import { formatIpv4, parseIpv4, parseSubnet } from "../ipv4.js";

/** Addresses of one machine inside the tunnels. */
export interface TunnelAddresses {
  readonly ipv4: string;
  readonly ipv6: string;
}

/** A range of IPv4 addresses in CIDR notation, as numbers. */
export interface Ipv4Range {
  readonly text: string;
  /** First address. */
  readonly base: number;
  /** Number of bits that tell hosts apart. */
  readonly hostBits: number;
}

/**
 * Shared address space of RFC 6598: outside of what private networks use, and with 4 million addresses large enough
 * that two machines hardly ever meet. Each address is a route of its own, so others may use the rest of the range.
 */
export const DEFAULT_RANGE = "100.64.0.0/10";

/** @throws {@link FirnError} when it is no IPv4 range, or one with fewer than 256 addresses. */
export function parseIpv4Range(text: string): Ipv4Range {
  const subnet = parseSubnet(text);
  if (!subnet || subnet.prefixLength < 8 || subnet.prefixLength > 24)
    throw new FirnError(
      `links.range: ${JSON.stringify(text)} is no range of IPv4 addresses. Write one of 256 addresses or more, for example "${DEFAULT_RANGE}".`,
    );
  return { text, base: subnet.base, hostBits: 32 - subnet.prefixLength };
}

/** Whether an IPv4 address lies in a range. */
export function isInRange(address: string, range: Ipv4Range): boolean {
  const value = parseIpv4(address);
  return value !== undefined && value >= range.base && value < range.base + 2 ** range.hostBits;
}

/**
 * A machine's addresses, a function of its name and its network alone: machines that come or go never renumber
 * others, and a first preview knows them. IPv6 is a unique local address (RFC 4193) in the network's own /64.
 *
 * @param network what makes the network one of its kind: project, stack and name
 */
export function tunnelAddresses(
  network: readonly string[],
  machine: string,
  range: Ipv4Range,
): TunnelAddresses {
  const prefix = digest("prefix", ...network);
  const host = digest("host", ...network, machine.toLowerCase());
  // The first and the last address of a range have meanings of their own.
  const slot = 1 + (host.readUInt32BE(0) % (2 ** range.hostBits - 2));
  const groups = [
    `fd${prefix.toString("hex", 0, 1)}`,
    ...pairs(prefix.subarray(1, 7)),
    ...pairs(host.subarray(4, 12)),
  ];
  return { ipv4: formatIpv4(range.base + slot), ipv6: compress(groups) };
}

/** @throws {@link FirnError} when two machines have one address */
export function checkCollisions(addresses: ReadonlyMap<string, TunnelAddresses>): void {
  const owners = new Map<string, string>();
  for (const [machine, { ipv4 }] of addresses) {
    const other = owners.get(ipv4);
    if (other !== undefined)
      throw new FirnError(
        `The names "${other}" and "${machine}" lead to the same address inside the tunnels, ${ipv4}. ` +
          `Give one of them an address of its own: machine("${machine}", { link: { address: "…" } }), or the network a larger links.range.`,
      );
    owners.set(ipv4, machine);
  }
}

function digest(...parts: readonly string[]): Buffer {
  // Lengths keep ["a", "bc"] and ["ab", "c"] apart.
  const text = parts.map((part) => `${part.length}:${part}`).join("");
  return createHash("sha256").update(text).digest();
}

function pairs(bytes: Buffer): string[] {
  return [...bytes.toString("hex").matchAll(/.{4}/g)].map(([group]) => group);
}

/** Without leading zeros, as RFC 5952 writes it; eight random groups have no run of zeros worth leaving out. */
function compress(groups: readonly string[]): string {
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":");
}
