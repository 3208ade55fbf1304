import { createHash } from "node:crypto";

/** Namespace of all names below, made once by chance. */
const NAMESPACE = "6f2b7a53-51f5-4c0e-9a3c-2d0a8a7e4b19";

/** A UUID that follows from a name (RFC 9562, version 5). */
export function uuidOf(name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(NAMESPACE.replaceAll("-", ""), "hex"))
    .update(name)
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/** The same as the volume id of a FAT file system: `1A2B-3C4D`. */
export function volumeIdOf(name: string): string {
  const hex = uuidOf(name).slice(0, 8).toUpperCase();
  return `${hex.slice(0, 4)}-${hex.slice(4)}`;
}

/** The same as mdadm writes it: `1a2b3c4d:…`. */
export function arrayIdOf(name: string): string {
  return (uuidOf(name).replaceAll("-", "").match(/.{8}/g) ?? []).join(":");
}
