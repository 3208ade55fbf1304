import { addressCount, formatIpv4, overlaps, parseIpv4, type Subnet } from "@firn/nixos/ipv4";

/**
 * Where containers' addresses may come from, in order of preference. 198.18.0.0/15 is set aside for tests between
 * networks and is rarely used by anybody; 1022 hosts are about what one Linux bridge can connect.
 */
const CANDIDATES = [
  ...blocks("198.18.0.0", 16),
  ...blocks("172.31.0.0", 8),
  ...blocks("10.213.0.0", 8),
  ...blocks("192.168.212.0", 1),
];

/** The first candidate that shares no address with what is in use; `undefined` when there is none. */
export function chooseSubnet(inUse: readonly Subnet[]): Subnet | undefined {
  return CANDIDATES.find((candidate) => !inUse.some((used) => overlaps(candidate, used)));
}

/** This computer's own address in a subnet of containers: the first one. */
export function gatewayOf(subnet: Subnet): string {
  return formatIpv4(subnet.base + 1);
}

/**
 * The next free address after the one given last, going round, so that an address rests before it is another machine's.
 *
 * @param last the address given last, if any
 * @returns `undefined` when all are taken
 */
export function nextAddress(subnet: Subnet, taken: ReadonlySet<string>, last?: string): string | undefined {
  const [first, count] = [subnet.base + 2, addressCount(subnet) - 3];
  const start = last === undefined ? 0 : (parseIpv4(last) ?? first) - first + 1;
  for (let step = 0; step < count; step++) {
    const address = formatIpv4(first + ((start + step) % count));
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** Blocks of 1024 addresses, one after the other. */
function blocks(from: string, count: number): Subnet[] {
  const base = parseIpv4(from) ?? 0;
  return Array.from({ length: count }, (_, index) => ({ base: base + index * 1024, prefixLength: 22 }));
}
