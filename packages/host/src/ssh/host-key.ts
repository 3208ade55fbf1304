import { createHash } from "node:crypto";

/** A public ssh key without its comment, or an authority that signs host keys. */
export interface HostKey {
  /** For example `ssh-ed25519`. */
  readonly type: string;
  /** `type base64`, as known_hosts wants it. */
  readonly line: string;
  /** `SHA256:…`, as ssh shows it. */
  readonly fingerprint: string;
  /**
   * For an authority: the names, one of which a host's certificate must be for, as a known_hosts pattern
   * (`web.example.org`, `*.example.org`).
   */
  readonly authorityFor?: string;
}

/**
 * Reads `ssh-ed25519 AAAA… comment`, or a line of known_hosts that names an authority:
 * `@cert-authority web.example.org ssh-ed25519 AAAA…` (see "SSH_KNOWN_HOSTS FILE FORMAT" in sshd(8)).
 *
 * @throws TypeError when the text is neither.
 */
export function parseHostKey(text: string): HostKey {
  const authority = /^\s*@cert-authority[ \t]+([^\s"#|]+)[ \t]+/.exec(text);
  const key = parsePublicKey(authority ? text.slice(authority[0].length) : text);
  return authority?.[1] === undefined ? key : { ...key, authorityFor: authority[1] };
}

function parsePublicKey(text: string): HostKey {
  const match = /^\s*([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})([ \t][^\n]*)?\s*$/.exec(text);
  const [, type = "", base64 = ""] = match ?? [];
  const blob = Buffer.from(base64, "base64");
  const named = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1") : "";
  if (!match || named !== type)
    throw new TypeError(
      `${JSON.stringify(text.slice(0, 80))} is no ssh host key; one looks like "ssh-ed25519 AAAA…", an authority for many like "@cert-authority *.example.org ssh-ed25519 AAAA…"`,
    );
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { type, line: `${type} ${base64}`, fingerprint: `SHA256:${digest}` };
}

const CERTIFICATES = [
  "ssh-ed25519-cert-v01@openssh.com",
  "ecdsa-sha2-nistp256-cert-v01@openssh.com",
  "ecdsa-sha2-nistp384-cert-v01@openssh.com",
  "ecdsa-sha2-nistp521-cert-v01@openssh.com",
  "rsa-sha2-512-cert-v01@openssh.com",
  "rsa-sha2-256-cert-v01@openssh.com",
];

/** The signature algorithms under which a server may prove that it has the key, or a certificate of the authority. */
export function algorithmsFor(key: HostKey): string {
  if (key.authorityFor !== undefined) return CERTIFICATES.join(",");
  return key.type === "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : key.type;
}

/** The line of known_hosts that pins the key under the name that ssh looks up. */
export function knownHostsLine(key: HostKey, alias: string): string {
  return key.authorityFor === undefined
    ? `${alias} ${key.line}\n`
    : `@cert-authority ${key.authorityFor} ${key.line}\n`;
}

/**
 * The name under which ssh looks a host up: `pinned` for a pinned key, whatever its address; for an authority, the name
 * that the certificate must carry, which is the host's address where a pattern allows several.
 */
export function hostKeyAlias(key: HostKey, pinned: string, address: string): string {
  if (key.authorityFor === undefined) return pinned;
  return /[*?!,]/.test(key.authorityFor) ? address : key.authorityFor;
}
