/** `10.0.48.0/20`, the fourth of 16 parts of `10.0.0.0/16`. */
export function ipv4Part(block: string, index: number): string {
  const [address = "", length = ""] = block.split("/");
  const first = address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
  const prefixLength = Number(length) + 4;
  const part = first + index * 2 ** (32 - prefixLength);
  const bytes = [24, 16, 8, 0].map((bits) => Math.floor(part / 2 ** bits) % 256);
  return `${bytes.join(".")}/${prefixLength}`;
}

/** `2600:1f14:12:3403::/64`, the fourth /64 of the /56 `2600:1f14:12:3400::/56`, which is what AWS gives a VPC. */
export function ipv6Part(block: string, index: number): string {
  const [groups = ""] = block.split("::");
  const four = [...groups.split(":"), "0", "0", "0"].slice(0, 4);
  const last = Number.parseInt(four[3] ?? "0", 16) + index;
  return `${[...four.slice(0, 3), last.toString(16)].join(":")}::/64`;
}
