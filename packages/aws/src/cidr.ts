import { addressCount, formatSubnet, parseSubnet } from "@firn/nixos/ipv4";

/** `10.0.48.0/20`, the fourth of 16 parts of `10.0.0.0/16`. */
export function ipv4Part(block: string, index: number): string {
  const whole = parseSubnet(block);
  if (!whole) throw new TypeError(`"${block}" is no block of IPv4 addresses`);
  const prefixLength = whole.prefixLength + 4;
  return formatSubnet({ base: whole.base + index * addressCount({ prefixLength }), prefixLength });
}

/** `2600:1f14:12:3403::/64`, the fourth /64 of the /56 `2600:1f14:12:3400::/56`, which is what AWS gives a VPC. */
export function ipv6Part(block: string, index: number): string {
  const [groups = ""] = block.split("::");
  const four = [...groups.split(":"), "0", "0", "0"].slice(0, 4);
  const last = Number.parseInt(four[3] ?? "0", 16) + index;
  return `${[...four.slice(0, 3), last.toString(16)].join(":")}::/64`;
}
