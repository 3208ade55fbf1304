import { createHmac } from "node:crypto";

/**
 * The digest of a key that lies in the state: 16 hexadecimal digits. It is keyed with a secret of the network, so that
 * short values cannot be guessed from it and equal values differ between stacks. It is made of a plain digest, because
 * that is what a machine can tell of its file.
 *
 * @param secret as {@link KeyDigestSecret} has it
 * @param sha256 of the value, in hexadecimal
 */
export function keyDigest(secret: string, sha256: string): string {
  return createHmac("sha256", secret).update(sha256).digest("hex").slice(0, 16);
}
