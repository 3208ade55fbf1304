import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Pin } from "./pin.js";
import { NixpkgsMissingError, readPinFile } from "./pin-file.js";

/** What npins (`npins/sources.json`, versions 3 to 7) and niv (`nix/sources.json`) say of one source. */
interface Source {
  /** npins: may be absent for a git repository without tarball. niv: always there. */
  readonly url?: string | null;
  /** npins: hash of the unpacked contents, base-32 or SRI. */
  readonly hash?: string;
  /** niv: the same. */
  readonly sha256?: string;
}

/**
 * Reads one pin of npins or niv.
 *
 * @param directory holds `npins/sources.json` or `nix/sources.json`
 * @throws {@link NixpkgsMissingError}
 */
export function readNpin(directory: string, name: string): Pin {
  const npins = join(directory, "npins/sources.json");
  const file = existsSync(npins) ? npins : join(directory, "nix/sources.json");
  const content = readPinFile(file) as { pins?: Record<string, Source> } & Record<string, Source>;
  const pins: Record<string, Source> = file === npins ? (content.pins ?? {}) : content;
  const hash = pins[name]?.hash ?? pins[name]?.sha256;
  const url = pins[name]?.url;
  if (!url || !hash)
    throw new NixpkgsMissingError(
      `${file} has no pin "${name}" with a tarball and a hash; it has ${Object.keys(pins).join(", ") || "none"}.`,
    );
  return { kind: "fetched", attributes: { type: "tarball", url, narHash: toSri(hash) } };
}

const BASE32 = "0123456789abcdfghijklmnpqrsvwxyz";

/** Turns Nix' base-32 form of a sha256 into the SRI form that `fetchTree` wants. */
export function toSri(hash: string): string {
  if (hash.startsWith("sha256-")) return hash;
  const bytes = Buffer.alloc(32);
  // Nix writes the digits from the last byte to the first, five bits each.
  for (let digit = 0; digit < 52; digit += 1) {
    const value = BASE32.indexOf(hash.replace(/^sha256:/, "")[51 - digit] ?? "");
    if (value < 0)
      throw new NixpkgsMissingError(`${JSON.stringify(hash)} is no sha256 in Nix' base-32 form.`);
    const bit = digit * 5;
    const index = bit >> 3;
    bytes[index] = (bytes[index] ?? 0) | ((value << (bit & 7)) & 0xff);
    if ((bit & 7) > 3 && index < 31) bytes[index + 1] = (bytes[index + 1] ?? 0) | (value >> (8 - (bit & 7)));
  }
  return `sha256-${bytes.toString("base64")}`;
}
