import { setTimeout as sleep } from "node:timers/promises";
import { AuthenticationError, UnreachableError } from "../errors.js";
import type { Host } from "../host.js";
import { Master } from "./master.js";
import { SshHost } from "./ssh-host.js";
import type { SshTarget } from "./target.js";

export interface ConnectOptions {
  /** How long one attempt may take until the machine's sshd has answered; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** How long to keep trying while the machine boots; default 0. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** An image that is still setting itself up may refuse a key at first; one that goes on refusing it is misconfigured. */
const REFUSALS_WHILE_BOOTING = 5;

/**
 * Opens one ssh connection to a machine, over which all commands are multiplexed. Only the pinned host key is
 * accepted; the user's known_hosts is neither read nor written.
 *
 * @throws {@link UnreachableError}, {@link HostKeyMismatchError}, {@link AuthenticationError}
 */
export async function connect(target: SshTarget, options: ConnectOptions = {}): Promise<Host> {
  const deadline = Date.now() + (options.waitMs ?? 0);
  let refusals = 0;
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 2000)) {
    try {
      return new SshHost(
        target,
        await Master.open(target, options.connectTimeoutMs ?? 10_000, options.signal),
      );
    } catch (error) {
      const refused = error instanceof AuthenticationError;
      if (refused) refusals += 1;
      const mayPass = error instanceof UnreachableError || (refused && refusals < REFUSALS_WHILE_BOOTING);
      if (!mayPass || options.signal?.aborted || Date.now() + pause > deadline) throw error;
      await sleep(pause, undefined, { signal: options.signal }).catch(() => {});
    }
  }
}
