import { createHash } from "node:crypto";

/** Whose something of libvirt is: the stack's deployment key tells stacks of the same name apart. */
export interface Owner {
  readonly project: string;
  readonly stack: string;
  /** The Firn network. */
  readonly network: string;
  /** The machine, for what is one machine's. */
  readonly machine?: string;
  /** `ssh-ed25519 AAAA…` of the stack's deployment key, as it was when this was made. */
  readonly deployPublicKey: string;
}

/** Namespace of what Firn writes into domains' metadata. */
export const METADATA_NAMESPACE = "urn:firn:machine";

/**
 * What marks something as made by this stack: 32 hexadecimal digits. Whoever finds something of the same name without
 * it leaves that alone.
 */
export function tokenOf(owner: Owner): string {
  const parts = [owner.project, owner.stack, owner.network, owner.machine ?? "", owner.deployPublicKey];
  return digest("token", ...parts).slice(0, 32);
}

/** A UUID that only this stack gives something; libvirt keeps it for networks, which have no other mark. */
export function uuidOf(owner: Owner): string {
  const hex = digest("uuid", tokenOf(owner));
  // Version 8 is what an application makes by rules of its own (RFC 9562).
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/**
 * A machine's MAC address, a function of its names alone, so that its address may be planned before it boots. Its first
 * half is the one of QEMU's own.
 */
export function macOf(owner: Omit<Owner, "deployPublicKey">): string {
  const hex = digest("mac", owner.project, owner.stack, owner.network, owner.machine ?? "");
  return ["52:54:00", hex.slice(0, 2), hex.slice(2, 4), hex.slice(4, 6)].join(":");
}

/** Bytes that depend on all parts, as hexadecimal digits. */
export function digest(...parts: readonly string[]): string {
  // Lengths keep ["a", "bc"] and ["ab", "c"] apart.
  const text = parts.map((part) => `${part.length}:${part}`).join("");
  return createHash("sha256").update(text).digest("hex");
}
