/** A block of IPv4 addresses. */
export interface Subnet {
  /** Its first address, as a number. */
  readonly base: number;
  /** Bits that all of its addresses share, 0 to 32. */
  readonly prefixLength: number;
}

/** `198.18.0.1` as a number; undefined where the text is no IPv4 address. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split(".");
  const isIpv4 = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return isIpv4 ? parts.reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;
}

/** A number as `198.18.0.1`. */
export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/**
 * Reads `198.18.0.0/22`, or an address alone as a block of one; an address within a block stands for the block.
 *
 * @returns undefined where the text is none
 */
export function parseSubnet(text: string): Subnet | undefined {
  const [, address = "", length = "32"] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const [value, prefixLength] = [parseIpv4(address), Number(length)];
  if (value === undefined || prefixLength > 32) return undefined;
  return { base: value - (value % addressCount({ prefixLength })), prefixLength };
}

/** `198.18.0.0/22` */
export function formatSubnet({ base, prefixLength }: Subnet): string {
  return `${formatIpv4(base)}/${prefixLength}`;
}

/** How many addresses a block has, with its first and last one. */
export function addressCount({ prefixLength }: Pick<Subnet, "prefixLength">): number {
  return 2 ** (32 - prefixLength);
}

/** Whether two blocks share an address. */
export function overlaps(one: Subnet, other: Subnet): boolean {
  return one.base < other.base + addressCount(other) && other.base < one.base + addressCount(one);
}

/** `255.255.255.0` for 24 bits. */
export function netmaskOf({ prefixLength }: Pick<Subnet, "prefixLength">): string {
  return formatIpv4(2 ** 32 - addressCount({ prefixLength }));
}

/** Bits of `255.255.255.0`; undefined where the text is no netmask. */
export function prefixLengthOf(netmask: string): number | undefined {
  const value = parseIpv4(netmask);
  const bits = value === undefined ? Number.NaN : 32 - Math.log2(2 ** 32 - value);
  return Number.isInteger(bits) ? bits : undefined;
}
