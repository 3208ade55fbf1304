import { setTimeout as sleep } from "node:timers/promises";
import { UnreachableError } from "../errors.js";
import type { Host } from "../host.js";
import { readScript } from "../scripts.js";
import { currentState } from "../state.js";
import { InstallError } from "./install-error.js";

/** Whether a machine has booted NixOS, rather than another distribution. */
export async function hasBootedNixos(host: Host): Promise<boolean> {
  return (await currentState(host)).bootedSystem !== undefined;
}

/**
 * Makes a system, which the machine's store has, what the next boot starts in place of the distribution that runs. The
 * host keys and the machine id stay; everything else of that distribution will lie in `/old-root`.
 *
 * The system's initial ramdisk has to do its part: see `takeOverModule` of `@firn/nixos/cloud`.
 */
export async function takeOver(host: Host, toplevel: string): Promise<void> {
  await host.run(["sh", "-c", readScript("take-over.sh"), "sh", toplevel], {
    privileged: true,
    title: "installing the boot loader",
  });
}

export interface RebootIntoOptions {
  /** Opens a new connection; fails soon where the machine does not answer. */
  readonly reconnect: () => Promise<Host>;
  /** How long the machine may take until it answers again, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Reboots a machine into the system that took it over, and closes the connection.
 *
 * @returns a connection to the machine after its boot
 * @throws {@link InstallError} when it does not come back, or comes back with something else
 */
export async function rebootInto(
  host: Host,
  toplevel: string,
  { reconnect, timeoutMs }: RebootIntoOptions,
): Promise<Host> {
  const { bootId } = await currentState(host);
  // The connection ends before the command does.
  await host.run(["systemctl", "reboot"], { privileged: true, check: false }).catch(ignoreUnreachable);
  await host.close();
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    await sleep(500);
    const fresh = await reconnect().catch((error: unknown) => {
      if (Date.now() > deadline) throw lost(host, timeoutMs, error);
      return ignoreUnreachable(error);
    });
    if (!fresh) continue;
    const state = await currentState(fresh).catch(ignoreUnreachable);
    if (state && state.bootId !== bootId) {
      if (state.bootedSystem === toplevel) return fresh;
      await fresh.close();
      throw new InstallError(
        `${host.name} was rebooted and came up with ${state.bootedSystem ?? "what it ran before, not NixOS"}: its boot loader starts something else. Compare boot.loader and fileSystems with \`lsblk -f\` there; run again to try once more.`,
        host.name,
      );
    }
    await fresh.close();
    if (Date.now() > deadline) throw lost(host, timeoutMs, new Error("it still runs what it ran before"));
  }
}

function lost(host: Host, timeoutMs: number, why: unknown): InstallError {
  return new InstallError(
    `${host.name} did not answer within ${timeoutMs / 1000} s of its reboot into NixOS: ${(why as Error).message}
  Look at its console. What it ran before lies in /old-root of its disk.`,
    host.name,
    { cause: why },
  );
}

function ignoreUnreachable(error: unknown): undefined {
  if (!(error instanceof UnreachableError)) throw error;
}
