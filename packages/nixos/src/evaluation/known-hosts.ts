import { parseHostKey } from "@firn/host";

/** Stands for a host key that is not known yet, in a preview: a key of zeros. */
export const UNKNOWN_HOST_KEY = `ssh-ed25519 ${Buffer.from(`0000000b7373682d6564323535313900000020${"00".repeat(32)}`, "hex").toString("base64")}`;

/** A machine that another one may connect to. */
export interface KnownHost {
  readonly name: string;
  /** Where its peers reach it: IP addresses, further names. */
  readonly addresses: readonly string[];
  /** What `parseHostKey` reads. */
  readonly hostKey: string;
}

/**
 * `programs.ssh.knownHosts` for a machine's peers, by name and address. The entries have names of their own, so that they
 * stand beside what a configuration says about the same hosts, however it does.
 */
export function knownHosts(peers: readonly KnownHost[]): Record<string, unknown> {
  return Object.fromEntries(
    peers.map(({ name, addresses, hostKey }) => {
      const { authorityFor, line } = parseHostKey(hostKey);
      const entry = {
        ...(authorityFor === undefined ? {} : { certAuthority: true }),
        hostNames: [...new Set([name, ...addresses, ...(authorityFor?.split(",") ?? [])])],
        publicKey: line,
      };
      return [`firn-${name}`, entry];
    }),
  );
}
