import { setTimeout as sleep } from "node:timers/promises";
import { HostError, HostKeyMismatchError } from "../errors.js";
import type { Host } from "../host.js";
import { readScript } from "../scripts.js";
import { type ConnectOptions, connect } from "../ssh/connect.js";
import { parseHostKey } from "../ssh/host-key.js";
import type { SshTarget } from "../ssh/target.js";

export interface KeepHostKeyOptions extends ConnectOptions {
  /** OpenSSH text of the private half of the target's `hostKey`. */
  readonly privateKey: string;
  /**
   * The public key that the machine may have instead until it got its lasting one: what user data carried to its first
   * boot, or the key before a rotation.
   */
  readonly former: string;
  /** Called when the machine still had the former key and gets the lasting one. */
  readonly onReplace?: () => void;
}

/** How long sshd may take to answer with its new key, in milliseconds. */
const RELOAD_MS = 15_000;

/**
 * Connects to a machine that may still have a former host key, and gives it the target's own in that case, over the
 * connection that is pinned to the former one. The connection that comes back is pinned to the target's own key,
 * whatever the machine had. A run that was interrupted is made up for by the next one.
 *
 * @throws {@link HostKeyMismatchError} when the machine has neither key; what {@link connect} throws; a
 * {@link HostError} when sshd does not take the key, which leaves it with the former one.
 */
export async function connectKeepingHostKey(target: SshTarget, options: KeepHostKeyOptions): Promise<Host> {
  const former = parseHostKey(options.former);
  try {
    return await connect(target, options);
  } catch (error) {
    if (!(error instanceof HostKeyMismatchError) || error.offered !== former.fingerprint) throw error;
  }
  options.onReplace?.();
  const old = await connect({ ...target, hostKey: options.former }, options);
  try {
    const lasting = parseHostKey(target.hostKey).line;
    await old.run(["sh", "-c", readScript("host-key.sh"), "sh", lasting, former.line], {
      input: options.privateKey,
      privileged: true,
      title: "giving sshd its lasting host key",
    });
    return await connectAfresh(target, options, former.fingerprint);
  } finally {
    await old.close();
  }
}

/** Connects with the lasting key; sshd may need a moment to take it. */
async function connectAfresh(target: SshTarget, options: ConnectOptions, former: string): Promise<Host> {
  for (const deadline = Date.now() + RELOAD_MS; ; await sleep(200)) {
    try {
      return await connect(target, { ...options, waitMs: RELOAD_MS });
    } catch (error) {
      if (!(error instanceof HostKeyMismatchError) || error.offered !== former) throw error;
      if (Date.now() < deadline) continue;
      throw new HostError(
        `${target.name} was given its lasting host key, but its sshd still answers with the former one (${former}).
  Does it read its key elsewhere? See services.openssh.hostKeys, and \`systemctl status sshd\` there.`,
        target.name,
        { cause: error },
      );
    }
  }
}
