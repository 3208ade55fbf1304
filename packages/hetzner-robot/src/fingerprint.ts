import { createHash } from "node:crypto";

/** An ssh public key's fingerprint as Robot names keys: MD5, `15:28:b0:…`. */
export function md5Fingerprint(publicKey: string): string {
  return (createHash("md5").update(blobOf(publicKey)).digest("hex").match(/../g) ?? []).join(":");
}

/** Whether a fingerprint, in either of the two notations that ssh has, is that of a public key. */
export function isFingerprintOf(fingerprint: string, publicKey: string): boolean {
  const sha256 = createHash("sha256").update(blobOf(publicKey)).digest("base64").replace(/=+$/, "");
  const given = fingerprint.trim().replace(/^(MD5|SHA256):/i, "");
  return given.replace(/=+$/, "") === sha256 || given.toLowerCase() === md5Fingerprint(publicKey);
}

function blobOf(publicKey: string): Buffer {
  return Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
}
