import { NixpkgsMissingError } from "./pin-file.js";

const BASE32 = "0123456789abcdfghijklmnpqrsvwxyz";

/** Turns a sha256 as Nix' tools write it (base-32, base-16 or SRI) into the SRI form that `fetchTree` wants. */
export function toSri(hash: string): string {
  if (hash.startsWith("sha256-")) return hash;
  const digits = hash.replace(/^sha256:/, "");
  if (/^[0-9a-f]{64}$/.test(digits)) return sri(Buffer.from(digits, "hex"));
  const bytes = Buffer.alloc(32);
  // Nix writes the digits from the last byte to the first, five bits each.
  for (let digit = 0; digit < 52; digit += 1) {
    const value = BASE32.indexOf(digits[51 - digit] ?? " ");
    if (value < 0 || digits.length !== 52)
      throw new NixpkgsMissingError(`${JSON.stringify(hash)} is no sha256 as Nix writes it.`);
    const bit = digit * 5;
    const index = bit >> 3;
    bytes[index] = (bytes[index] ?? 0) | ((value << (bit & 7)) & 0xff);
    if ((bit & 7) > 3 && index < 31) bytes[index + 1] = (bytes[index + 1] ?? 0) | (value >> (8 - (bit & 7)));
  }
  return sri(bytes);
}

function sri(bytes: Buffer): string {
  return `sha256-${bytes.toString("base64")}`;
}

/** Bytes as Nix writes them in names of store paths. */
export function toBase32(bytes: Uint8Array): string {
  let text = "";
  for (let digit = Math.ceil((bytes.length * 8) / 5) - 1; digit >= 0; digit -= 1) {
    const bit = digit * 5;
    const index = bit >> 3;
    const pair = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8);
    text += BASE32[(pair >> (bit & 7)) & 31];
  }
  return text;
}
