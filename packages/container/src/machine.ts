import { lstat, mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { isBridgeOf, networkFiles, networkOf, subnetOf, takeAddress } from "./addresses.js";
import { isPopulated, makeCgroup, removeCgroup } from "./cgroup.js";
import { writeAuthorizedKey } from "./disk.js";
import { ContainerError } from "./errors.js";
import { forwardPorts } from "./forward.js";
import { forgetLimits } from "./limit-resources.js";
import { checkComputer, checkDisk, checkRoomForOneMore } from "./limits.js";
import { COMPUTER_LOCK, withLock } from "./lock.js";
import { attach, deleteInterface, detach, ensureBridge, listInterfaces } from "./network.js";
import { waitForSsh } from "./ready.js";
import { type ContainerRecord, listIds, placesOf, writeRecord } from "./record.js";
import { run, runInside } from "./run.js";
import { readSettings, type Settings, writeSettings } from "./settings.js";
import { forgetSite, rememberSite, type Site } from "./site.js";
import { applyLimits, mainProcess, startSupervisor } from "./supervisor.js";

/** What a machine is made of. */
export interface NewMachine {
  readonly hostname: string;
  /** Directory of a root file system. Without one, the machine waits for its first system: see `starter`. */
  readonly image?: string;
  readonly settings?: Settings;
  readonly sharesStore?: boolean;
  /** Name of its private network; default: the one that all machines without one share. */
  readonly network?: string;
  /** Writes into the machine's own disk, whose root it is given, before the first start. */
  prepare(root: string): Promise<void>;
}

/**
 * Makes a machine, starts it, and waits until it is ready; one without an image has nothing to start yet. A machine that
 * does not come up is removed again.
 *
 * @param id from `newId`
 * @param ready by default the machine's ssh server must answer
 */
export async function createMachine(
  site: Site,
  id: string,
  { hostname, image, settings = {}, network, sharesStore, prepare }: NewMachine,
  ready = waitForSsh,
): Promise<ContainerRecord> {
  await checkComputer();
  if (image !== undefined) await checkImage(image);
  try {
    const record = await withLock(COMPUTER_LOCK, async () => {
      await mkdir(site.directory, { recursive: true, mode: 0o711 });
      await checkDisk(site.directory);
      await checkRoomForOneMore();
      await rememberSite(site);
      const on = networkOf(site, network);
      const taken = {
        id,
        hostname,
        address: await takeAddress(site, on),
        ...(image === undefined ? {} : { image }),
        ...(network === undefined ? {} : { network }),
        ...(sharesStore ? { sharesStore } : {}),
      };
      await writeRecord(site, taken);
      await writeSettings(site, id, settings);
      makeCgroup(placesOf(site, id).cgroup);
      return taken;
    });
    await prepare(placesOf(site, id).upper);
    if (image !== undefined) {
      await launch(site, record);
      await ready(site, record);
      await forwardPorts(site, record);
    }
    await rm(placesOf(site, id).making);
    return record;
  } catch (error) {
    await removeMachine(site, id);
    throw error;
  }
}

/**
 * Starts a machine that was powered off, or whose computer was, with the address and the disk that it had. One that runs
 * is ended first, as by a power cut.
 */
export async function startMachine(site: Site, record: ContainerRecord): Promise<void> {
  await checkComputer();
  if (record.image !== undefined) await checkImage(record.image);
  await withLock(COMPUTER_LOCK, async () => {
    await removeCgroup(placesOf(site, record.id).cgroup);
    await checkRoomForOneMore();
    await rememberSite(site);
    makeCgroup(placesOf(site, record.id).cgroup);
  });
  await launch(site, record);
  await waitForSsh(site, record);
  await forwardPorts(site, record);
}

/**
 * Has a machine that runs follow other settings: limits and ports at once, mounts by a reboot.
 *
 * @throws ContainerError where it does not come up again
 */
export async function changeSettings(site: Site, record: ContainerRecord, settings: Settings): Promise<void> {
  const before = await readSettings(site, record.id);
  await writeSettings(site, record.id, settings);
  if (!isRunning(site, record.id)) return;
  await applyLimits(site, record.id);
  if (JSON.stringify(before.mounts) !== JSON.stringify(settings.mounts)) await reboot(site, record);
  await forwardPorts(site, record);
}

async function reboot(site: Site, record: ContainerRecord): Promise<void> {
  const { bootId } = placesOf(site, record.id);
  const pid = mainProcess(site, record.id);
  await rm(bootId, { force: true });
  // It may end before it has answered.
  if (pid) await runInside(pid, ["systemctl", "reboot"]).catch(() => "");
  await waitForSsh(site, record);
}

/** Whether a machine runs, or is between two starts of a reboot. */
export function isRunning(site: Site, id: string): boolean {
  return isPopulated(placesOf(site, id).cgroup);
}

/** Whether there is something that a machine could boot: where it has no image, a system that was confirmed. */
export async function canBoot(site: Site, { id, image }: ContainerRecord): Promise<boolean> {
  if (image !== undefined) return true;
  const profile = join(placesOf(site, id).upper, "nix/var/nix/profiles/system");
  return lstat(profile).then(
    () => true,
    () => false,
  );
}

/** Lets another key open root's account on a machine, running or not. */
export async function authorize(site: Site, id: string, publicKey: string): Promise<void> {
  const pid = mainProcess(site, id);
  // A disk must not be written behind a running machine's back.
  await writeAuthorizedKey(pid ? `/proc/${pid}/root` : placesOf(site, id).upper, publicKey);
}

/** Removes a machine and everything that it had; also one that is half gone or never was. */
export async function removeMachine(site: Site, id: string): Promise<void> {
  const places = placesOf(site, id);
  await removeCgroup(places.cgroup);
  forgetLimits(places.cgroup);
  await detach(places);
  await removeTree(places.directory);
  await withLock(COMPUTER_LOCK, async () => {
    if ((await listIds(site)).length === 0) await removeSite(site);
  });
}

/** Removes what a site's containers shared. Call it under the computer's lock, when there are none. */
export async function removeSite(site: Site): Promise<void> {
  for (const name of await listInterfaces()) if (isBridgeOf(site, name)) await deleteInterface(name);
  await removeCgroup(site.cgroup);
  for (const file of await networkFiles(site)) await rm(file, { force: true });
  await rmdir(site.directory).catch(() => {});
  await forgetSite(site);
}

async function launch(site: Site, record: ContainerRecord): Promise<void> {
  const subnet = await withLock(COMPUTER_LOCK, async () => {
    const network = networkOf(site, record.network);
    const subnet = await subnetOf(site, network);
    await ensureBridge(network.bridge, subnet);
    await attach(network.bridge, placesOf(site, record.id), record.address);
    return subnet;
  });
  await startSupervisor(site, record, subnet);
}

async function checkImage(image: string): Promise<void> {
  // Only the link is looked for: NixOS' own leads to where only the machine can see.
  await lstat(join(image, "sbin/init")).catch(() => {
    throw new ContainerError(
      `The image ${image} has no /sbin/init: give container() the directory of a root file system with systemd, sshd and Nix, or no image at all.`,
    );
  });
}

async function removeTree(directory: string): Promise<void> {
  await run("rm", ["-rf", "--", directory]).catch(async () => {
    // NixOS makes /var/empty immutable.
    await run("chattr", ["-R", "-i", "-f", directory]).catch(() => "");
    await run("rm", ["-rf", "--", directory]);
  });
}
