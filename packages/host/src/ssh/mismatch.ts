import { HostKeyMismatchError } from "../errors.js";
import { ALIAS, VIA_ALIAS } from "./arguments.js";
import { parseHostKey } from "./host-key.js";
import type { SshTarget } from "./target.js";

/** Whether ssh ended because of the host key. */
export function isHostKeyFailure(stderr: string): boolean {
  return /Host key verification failed|no matching host key type|REMOTE HOST IDENTIFICATION HAS CHANGED/.test(
    stderr,
  );
}

/** The error that shows the pinned and the offered key, from what ssh said about {@link ALIAS} or {@link VIA_ALIAS}. */
export function mismatchError(target: SshTarget, stderr: string): HostKeyMismatchError {
  const viaFailed =
    target.via !== undefined && stderr.includes(VIA_ALIAS) && !stderr.includes(`for ${ALIAS} `);
  const endpoint = viaFailed && target.via ? target.via : target;
  const expected = parseHostKey(endpoint.hostKey);
  const kinds = /no matching host key type found\. Their offer: (\S+)/.exec(stderr)?.[1];
  const offered =
    /SHA256:[A-Za-z0-9+/]+/.exec(stderr)?.[0] ??
    (kinds ? `only keys of the kinds ${kinds}` : "none that ssh showed");
  return new HostKeyMismatchError(
    `${target.name}: ${viaFailed ? "its jump host" : "the host"} at ${endpoint.address}${endpoint.port ? ` port ${endpoint.port}` : ""} has another host key than the pinned one; nothing was sent to it.
    expected: ${expected.fingerprint} (${expected.type})
    offered:  ${offered}
  Another machine may answer at this address, or somebody in between. If the machine was reinstalled on purpose, compare the
  offered key with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on its console, then set its hostKey to the new public key.`,
    target.name,
  );
}
