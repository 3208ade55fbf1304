import { HostKeyMismatchError } from "../errors.js";
import { describeHop } from "./hops.js";
import { type HostKey, parseHostKey } from "./host-key.js";
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
  const fingerprint = /SHA256:[A-Za-z0-9+/]+/.exec(stderr)?.[0];
  const told =
    expected.authorityFor === undefined
      ? toldOfKey(expected, fingerprint ?? offer(stderr))
      : toldOfAuthority(expected, offer(stderr));
  return new HostKeyMismatchError(
    `${machine}: ${describeHop(hops, index)} ${told}`,
    machine,
    index === 0 ? fingerprint : undefined,
  );
}

function toldOfKey(expected: HostKey, offered: string): string {
  return `has another host key than the pinned one; nothing was sent to it.
    expected: ${expected.fingerprint} (${expected.type})
    offered:  ${offered}
  Another machine may answer at this address, or somebody in between. If the machine was reinstalled on purpose, compare the
  offered key with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on its console, then set its hostKey to the new public key.`;
}

function toldOfAuthority(expected: HostKey, offered: string): string {
  return `has no host certificate of the pinned authority; nothing was sent to it.
    expected: a certificate for ${expected.authorityFor} of the authority ${expected.fingerprint} (${expected.type})
    offered:  ${offered}
  Another machine may answer at this address, or somebody in between. If it is the right one, sign its key for this name with
  \`ssh-keygen -s AUTHORITY -I ID -h -n NAME ssh_host_ed25519_key.pub\`, and name the certificate in HostCertificate of its sshd.`;
}

/** What the host had to offer, in words, where ssh showed no fingerprint. */
function offer(stderr: string): string {
  const kinds = /no matching host key type found\. Their offer: (\S+)/.exec(stderr)?.[1];
  if (kinds !== undefined) return `only keys of the kinds ${kinds}`;
  const invalid = /Certificate invalid: ([^\r\n]*)/.exec(stderr)?.[1];
  if (invalid !== undefined) return `a certificate that does not hold: ${invalid}`;
  return /host key is known for/.test(stderr) ? "one of another authority" : "none that ssh showed";
}
