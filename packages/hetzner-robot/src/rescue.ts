import { setTimeout as sleep } from "node:timers/promises";
import { RobotError } from "./errors.js";
import { isFingerprintOf } from "./fingerprint.js";
import { offeredKeys } from "./key-scan.js";
import type { WebService } from "./web-service.js";

/** A server's rescue system, as the web service tells of it. */
interface Rescue {
  readonly active: boolean;
  readonly authorized_key: readonly NamedKey[];
  /** Fingerprints of the keys that it answers with; empty until it has booted. */
  readonly host_key: readonly NamedKey[];
  readonly boot_time: string | null;
}

interface NamedKey {
  readonly key?: { readonly fingerprint?: string };
  readonly fingerprint?: string;
}

/** How long a server may take from its reset to its rescue system, and how often is asked. A server's self-test takes minutes. */
const BOOT_MS = 900_000;
const ASK_MS = 4_000;

/**
 * Boots a server's rescue system, whatever the server does now: it is activated with the one key that opens it, and the
 * server is reset as by its reset button. Which host keys it answers with tells the web service once it has booted; they are
 * other ones at each boot.
 *
 * @param fingerprint of the key that opens root's account, which the account has
 * @returns its host key: `ssh-ed25519 AAAA…`
 * @throws {@link RobotError}
 */
export async function bootRescue(
  service: WebService,
  {
    server,
    address,
    fingerprint,
  }: { readonly server: number; readonly address: string; readonly fingerprint: string },
): Promise<string> {
  const before = await lastBoot(service, server);
  const activated = await activateRescue(service, server, fingerprint);
  await reset(service, server);
  const deadline = Date.now() + BOOT_MS;
  let known = fingerprintsOf(activated);
  for (;;) {
    if (known.length === 0) {
      const last = await lastBoot(service, server);
      if (last !== undefined && last.boot_time !== before?.boot_time) known = fingerprintsOf(last);
    }
    const offered = known.length === 0 ? [] : await offeredKeys(address);
    const pinned = offered.find((key) => known.some((each) => isFingerprintOf(each, key)));
    if (pinned !== undefined) return pinned;
    if (Date.now() > deadline) throw lost(server, address, known, offered);
    await sleep(ASK_MS);
  }
}

/** Activates the rescue system for the next boot, with one key. */
export async function activateRescue(
  service: WebService,
  server: number,
  fingerprint: string,
): Promise<Rescue> {
  const path = `/boot/${server}/rescue`;
  const what = `activating the rescue system of server ${server}`;
  const { rescue } = await service.request<{ rescue: Rescue }>(path, {
    what: `asking for the rescue system of server ${server}`,
  });
  // It may have been activated with another key, which cannot be changed.
  if (rescue.active)
    await service.request(path, {
      method: "DELETE",
      what: `deactivating the rescue system of server ${server}`,
    });
  const form = { os: "linux", authorized_key: fingerprint };
  const answer = await service.request<{ rescue: Rescue }>(path, { method: "POST", form, what });
  if (!answer.rescue.authorized_key.some((each) => fingerprintOf(each) === fingerprint))
    throw new RobotError(`Hetzner Robot, ${what}: it did not take the key ${fingerprint}.`, 0, "");
  return answer.rescue;
}

/** Presses a server's reset button. */
export async function reset(service: WebService, server: number): Promise<void> {
  const path = `/reset/${server}`;
  const { reset } = await service.request<{ reset: { type: readonly string[] } }>(path, {
    what: `asking how server ${server} can be reset`,
  });
  if (!reset.type.includes("hw"))
    throw new RobotError(
      `Hetzner Robot, resetting server ${server}: it can be reset by ${reset.type.join(", ")} only, not in hardware (hw). Boot its rescue system by hand, and use existing() with install: "disk".`,
      0,
      "RESET_NOT_AVAILABLE",
    );
  await service.request(path, { method: "POST", form: { type: "hw" }, what: `resetting server ${server}` });
}

async function lastBoot(service: WebService, server: number): Promise<Rescue | undefined> {
  const answer = await service.find<{ rescue: Rescue }>(`/boot/${server}/rescue/last`, {
    what: `asking for the last rescue system of server ${server}`,
  });
  return answer?.rescue;
}

function fingerprintsOf({ host_key }: Rescue): string[] {
  return host_key.map(fingerprintOf).filter((each) => each !== "");
}

function fingerprintOf(named: NamedKey): string {
  return named.key?.fingerprint ?? named.fingerprint ?? "";
}

function lost(
  server: number,
  address: string,
  known: readonly string[],
  offered: readonly string[],
): RobotError {
  const why =
    known.length === 0
      ? "the web service has told no host keys of it. Order a KVM console to see what it does"
      : offered.length === 0
        ? `no ssh server answers at ${address}`
        : `what answers at ${address} has none of its host keys (${known.join(", ")})`;
  return new RobotError(
    `Hetzner Robot: the rescue system of server ${server} did not come up within ${BOOT_MS / 60_000} minutes of the reset: ${why}. Run again to try once more.`,
    0,
    "",
  );
}
