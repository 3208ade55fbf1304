import { createHash } from "node:crypto";

/** A public ssh key without its comment. */
export interface HostKey {
  /** For example `ssh-ed25519`. */
  readonly type: string;
  /** `type base64`, as known_hosts wants it. */
  readonly line: string;
  /** `SHA256:…`, as ssh shows it. */
  readonly fingerprint: string;
}

/**
 * Reads `ssh-ed25519 AAAA… comment`.
 *
 * @throws TypeError when the text is no public key.
 */
export function parseHostKey(text: string): HostKey {
  const match = /^\s*([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})([ \t][^\n]*)?\s*$/.exec(text);
  const [, type = "", base64 = ""] = match ?? [];
  const blob = Buffer.from(base64, "base64");
  const named = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1") : "";
  if (!match || named !== type)
    throw new TypeError(
      `${JSON.stringify(text.slice(0, 80))} is no ssh host key; one looks like "ssh-ed25519 AAAA…"`,
    );
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { type, line: `${type} ${base64}`, fingerprint: `SHA256:${digest}` };
}

/** The signature algorithms under which a server may prove that it has the key. */
export function algorithmsFor(key: HostKey): string {
  return key.type === "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : key.type;
}
