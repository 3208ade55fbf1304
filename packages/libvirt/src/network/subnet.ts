import { LibvirtError } from "../errors.js";

/** A range of IPv4 addresses. */
export interface Subnet {
  /** Its first address as a number. */
  readonly base: number;
  /** Bits of the network, for example 24. */
  readonly prefix: number;
}

/**
 * Reads `10.83.12.0/24`; an address within a subnet stands for the subnet.
 *
 * @throws LibvirtError where it is none
 */
export function parseSubnet(text: string): Subnet {
  const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  const value = ipv4(match?.[1] ?? "");
  const prefix = Number(match?.[2]);
  if (value === undefined || !(prefix >= 8 && prefix <= 30))
    throw new LibvirtError(
      `${JSON.stringify(text)} is no subnet: write one as "10.83.12.0/24", with 8 to 30 bits.`,
    );
  return { base: value - (value % sizeOf({ base: 0, prefix })), prefix };
}

/** `10.83.12.0/24` */
export function formatSubnet({ base, prefix }: Subnet): string {
  return `${formatIpv4(base)}/${prefix}`;
}

/** How many addresses it has, with its first and last one. */
export function sizeOf({ prefix }: Subnet): number {
  return 2 ** (32 - prefix);
}

/** Whether two subnets have an address in common. */
export function overlap(one: Subnet, other: Subnet): boolean {
  return one.base < other.base + sizeOf(other) && other.base < one.base + sizeOf(one);
}

export function contains(subnet: Subnet, address: number): boolean {
  return address >= subnet.base && address < subnet.base + sizeOf(subnet);
}

/** An IPv4 address as a number; undefined where the text is none. */
export function ipv4(text: string): number | undefined {
  const parts = text.split(".");
  const isIpv4 = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return isIpv4 ? parts.reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;
}

export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** Bits of `255.255.255.0`. */
export function prefixOfMask(mask: string): number | undefined {
  const value = ipv4(mask);
  return value === undefined ? undefined : 32 - Math.log2(2 ** 32 - value);
}
