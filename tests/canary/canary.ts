import { createHash, randomBytes } from "node:crypto";

/** A value that is nowhere else in the world, to be looked for where it must not be. */
export interface Canary {
  readonly name: string;
  readonly value: string;
  /** What gives the value away: itself, as others write it, and what it can be guessed from. */
  readonly forms: readonly Buffer[];
}

/** A new canary. Its letters are such that no encoding of text changes them. */
export function canary(name: string): Canary {
  return canaryOf(name, `canary${randomBytes(12).toString("hex")}`);
}

/** A secret that exists, as a canary. */
export function canaryOf(name: string, value: string): Canary {
  const bytes = Buffer.from(value);
  // In base64 the same text looks different at each of three offsets, but for a few letters at both ends.
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    return encoded.slice(4, encoded.length - 4);
  });
  const digests = ["md5", "sha1", "sha256", "sha512"].map((algorithm) =>
    createHash(algorithm).update(bytes).digest("hex"),
  );
  const forms = [value, ...base64, bytes.toString("hex"), ...digests];
  return { name, value, forms: forms.map((form) => Buffer.from(form)) };
}

/** The names of the canaries that are in some bytes. */
export function canariesIn(bytes: Uint8Array, canaries: readonly Canary[]): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return canaries.filter(({ forms }) => forms.some((form) => buffer.includes(form))).map(({ name }) => name);
}
