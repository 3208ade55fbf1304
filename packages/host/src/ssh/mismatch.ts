import { HostKeyMismatchError } from "../errors.js";
import { describeHop } from "./hops.js";
import { parseHostKey } from "./host-key.js";
import type { JumpHost } from "./target.js";

/** Whether ssh ended because of the host key. */
export function isHostKeyFailure(stderr: string): boolean {
  return /Host key verification failed|no matching host key type|REMOTE HOST IDENTIFICATION HAS CHANGED/.test(
    stderr,
  );
}

/** The error that shows the pinned and the offered key of one host of a connection, from what ssh said about it. */
export function mismatchError(
  hops: readonly JumpHost[],
  index: number,
  stderr: string,
): HostKeyMismatchError {
  const hop = hops[index] as JumpHost;
  const machine = hops[0]?.name ?? "";
  const expected = parseHostKey(hop.hostKey);
  const kinds = /no matching host key type found\. Their offer: (\S+)/.exec(stderr)?.[1];
  const fingerprint = /SHA256:[A-Za-z0-9+/]+/.exec(stderr)?.[0];
  const offered =
    fingerprint ??
    (kinds ? `only keys of the kinds ${kinds}` : (certificateTrouble(stderr) ?? "none that ssh showed"));
  const where = `${machine}: ${describeHop(hops, index)}`;
  const what =
    expected.authorityFor === undefined
      ? `has another host key than the pinned one; nothing was sent to it.
    expected: ${expected.fingerprint} (${expected.type})`
      : `has no host certificate of the pinned authority; nothing was sent to it.
    expected: a certificate for ${expected.authorityFor} signed by ${expected.fingerprint} (${expected.type})`;
  return new HostKeyMismatchError(
    `${where} ${what}
    offered:  ${offered}
  Another machine may answer at this address, or somebody in between. If the machine was reinstalled on purpose, compare the
  offered key with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on its console, then set its hostKey to the new public key.`,
    machine,
    index === 0 ? fingerprint : undefined,
  );
}

function certificateTrouble(stderr: string): string | undefined {
  return /(?:Certificate invalid|certificate authority|CA)[^\n]*/i.exec(stderr)?.[0]?.trim();
}
