import {
  type Subnet as Block,
  formatIpv4,
  overlaps,
  parseSubnet as parseBlock,
  parseIpv4,
  prefixLengthOf,
} from "@firn/nixos/ipv4";

/** A host-only network's addresses: `host` is this computer's own, and all of its /24 or larger block the machines'. */
export interface Subnet {
  /** `192.168.57.1` */
  readonly host: string;
  readonly prefixLength: number;
}

/** The blocks that VirtualBox allows host-only networks in without being told (`/etc/vbox/networks.conf`): 192.168.56.0/21. */
const ALLOWED = Array.from({ length: 8 }, (_, index) => `192.168.${56 + index}.1`);

/** Machines have the addresses from here on: below are VirtualBox' own on macOS, above those that its DHCP servers give. */
const FIRST = 10;
const COUNT = 90;

/** The first allowed block that nothing on this computer has an address in. */
export function chooseSubnet(inUse: readonly Subnet[]): Subnet | undefined {
  return ALLOWED.map((host) => ({ host, prefixLength: 24 })).find(
    (candidate) => !inUse.some((used) => overlap(candidate, used)),
  );
}

/**
 * Reads `192.168.57.0/24` or `192.168.57.1/24`.
 *
 * @returns `undefined` for what is none, or has no room for machines
 */
export function parseSubnet(text: string): Subnet | undefined {
  const { base, prefixLength } = parseBlock(text) ?? { base: 0, prefixLength: 32 };
  if (prefixLength < 8 || prefixLength > 24) return undefined;
  const [host = ""] = text.split("/");
  return { host: parseIpv4(host) === base ? formatIpv4(base + 1) : host, prefixLength };
}

/** A network as VirtualBox tells it: address and `255.255.255.0`. */
export function subnetOf(host: string, netmask: string): Subnet | undefined {
  const prefixLength = prefixLengthOf(netmask);
  return parseIpv4(host) === undefined || prefixLength === undefined ? undefined : { host, prefixLength };
}

/** The address at a place in the block, `192.168.57.9` at 9. */
export function addressAt(subnet: Subnet, place: number): string {
  return formatIpv4(block(subnet).base + place);
}

/** The first address for a machine that nobody has. */
export function freeAddress(subnet: Subnet, taken: ReadonlySet<string>): string | undefined {
  const all = Array.from({ length: COUNT }, (_, index) => addressAt(subnet, FIRST + index));
  return all.find((address) => address !== subnet.host && !taken.has(address));
}

/** Whether an address, `192.168.57.10`, is in the block. */
export function contains(subnet: Subnet, address: string): boolean {
  return parseIpv4(address) !== undefined && overlap(subnet, { host: address, prefixLength: 32 });
}

function block({ host, prefixLength }: Subnet): Block {
  return parseBlock(`${host}/${prefixLength}`) ?? { base: 0, prefixLength };
}

function overlap(one: Subnet, other: Subnet): boolean {
  return overlaps(block(one), block(other));
}
