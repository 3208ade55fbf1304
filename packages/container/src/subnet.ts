/** A block of IPv4 addresses. */
export interface Subnet {
  /** First address, as a number. */
  readonly base: number;
  readonly prefixLength: number;
}

/**
 * Where containers' addresses may come from, in order of preference. 198.18.0.0/15 is set aside for tests between
 * networks and is rarely used by anybody; 1022 hosts are about what one Linux bridge can connect.
 */
const CANDIDATES = [
  ...blocks("198.18.0.0/15", 16),
  ...blocks("172.31.0.0/16", 8),
  ...blocks("10.213.0.0/16", 8),
  ...blocks("192.168.212.0/22", 1),
];

/** Reads `192.0.2.0/24`, or an address alone as a block of one. */
export function parseSubnet(text: string): Subnet {
  const [address = "", length] = text.split("/");
  const prefixLength = length === undefined ? 32 : Number(length);
  const value = parseAddress(address);
  return { base: value - (value % 2 ** (32 - prefixLength)), prefixLength };
}

/** `198.18.0.1` as a number. */
export function parseAddress(text: string): number {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255)))
    throw new TypeError(`"${text}" is not an IPv4 address`);
  return parts.reduce((value, part) => value * 256 + part, 0);
}

/** A number as `198.18.0.1`. */
export function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** `198.18.0.0/22`. */
export function formatSubnet(subnet: Subnet): string {
  return `${formatAddress(subnet.base)}/${subnet.prefixLength}`;
}

/** Whether two blocks share an address. */
export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.base < b.base + size(b) && b.base < a.base + size(a);
}

/** The first candidate that shares no address with what is in use; `undefined` when there is none. */
export function chooseSubnet(inUse: readonly Subnet[]): Subnet | undefined {
  return CANDIDATES.find((candidate) => !inUse.some((used) => overlaps(candidate, used)));
}

/** This computer's own address in a subnet of containers: the first one. */
export function gatewayOf(subnet: Subnet): string {
  return formatAddress(subnet.base + 1);
}

/**
 * The next free address after the one given last, going round, so that an address rests before it is another machine's.
 *
 * @param last the address given last, if any
 * @returns `undefined` when all are taken
 */
export function nextAddress(subnet: Subnet, taken: ReadonlySet<string>, last?: string): string | undefined {
  const [first, count] = [subnet.base + 2, size(subnet) - 3];
  const start = last === undefined ? 0 : parseAddress(last) - first + 1;
  for (let step = 0; step < count; step++) {
    const address = formatAddress(first + ((start + step) % count));
    if (!taken.has(address)) return address;
  }
  return undefined;
}

function size(subnet: Subnet): number {
  return 2 ** (32 - subnet.prefixLength);
}

/** The first blocks of 1024 addresses of a bigger one. */
function blocks(within: string, count: number): Subnet[] {
  const { base } = parseSubnet(within);
  return Array.from({ length: count }, (_, index) => ({ base: base + index * 1024, prefixLength: 22 }));
}
