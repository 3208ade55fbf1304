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
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(text);
  const address = numberOf(match?.[1] ?? "");
  const prefixLength = Number(match?.[2]);
  if (address === undefined || prefixLength < 8 || prefixLength > 24) return undefined;
  const base = address - (address % sizeOf(prefixLength));
  return { host: format(address === base ? base + 1 : address), prefixLength };
}

/** A network as VirtualBox tells it: address and `255.255.255.0`. */
export function subnetOf(host: string, netmask: string): Subnet | undefined {
  const [address, mask] = [numberOf(host), numberOf(netmask)];
  if (address === undefined || mask === undefined) return undefined;
  return { host, prefixLength: 32 - Math.log2(2 ** 32 - mask) };
}

export function netmaskOf({ prefixLength }: Subnet): string {
  return format(2 ** 32 - sizeOf(prefixLength));
}

/** The address at a place in the block, `192.168.57.9` at 9. */
export function addressAt({ host, prefixLength }: Subnet, place: number): string {
  const address = numberOf(host) ?? 0;
  return format(address - (address % sizeOf(prefixLength)) + place);
}

/** The first address for a machine that nobody has. */
export function freeAddress(subnet: Subnet, taken: ReadonlySet<string>): string | undefined {
  const all = Array.from({ length: COUNT }, (_, index) => addressAt(subnet, FIRST + index));
  return all.find((address) => address !== subnet.host && !taken.has(address));
}

/** Whether an address, `192.168.57.10`, is in the block. */
export function contains(subnet: Subnet, address: string): boolean {
  const number = numberOf(address);
  return number !== undefined && overlap(subnet, { host: address, prefixLength: 32 });
}

function overlap(one: Subnet, other: Subnet): boolean {
  const size = sizeOf(Math.min(one.prefixLength, other.prefixLength));
  const block = ({ host }: Subnet) => Math.floor((numberOf(host) ?? 0) / size);
  return block(one) === block(other);
}

function sizeOf(prefixLength: number): number {
  return 2 ** (32 - prefixLength);
}

function numberOf(text: string): number | undefined {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256))
    return undefined;
  return parts.reduce((value, part) => value * 256 + part, 0);
}

function format(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
