import { lstat, mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { subnetOf, takeAddress } from "./addresses.js";
import { isPopulated, makeCgroup, removeCgroup } from "./cgroup.js";
import { writeAuthorizedKey } from "./disk.js";
import { ContainerError } from "./errors.js";
import { checkComputer, checkDisk, checkRoomForOneMore } from "./limits.js";
import { COMPUTER_LOCK, withLock } from "./lock.js";
import { attach, deleteInterface, detach, ensureBridge } from "./network.js";
import { waitForSsh } from "./ready.js";
import { type ContainerRecord, listIds, placesOf, writeRecord } from "./record.js";
import { run } from "./run.js";
import { forgetSite, rememberSite, type Site } from "./site.js";
import { mainProcess, startSupervisor } from "./supervisor.js";

/** What a machine is made of. */
export interface NewMachine {
  readonly hostname: string;
  /** Directory of a root file system. */
  readonly image: string;
  /** Writes into the machine's own disk, whose root it is given, before the first start. */
  prepare(root: string): Promise<void>;
}

/**
 * Makes a machine, starts it, and waits until it is ready. A machine that does not come up is removed again.
 *
 * @param id from `newId`
 * @param ready by default the machine's ssh server must answer
 */
export async function createMachine(
  site: Site,
  id: string,
  { hostname, image, prepare }: NewMachine,
  ready = waitForSsh,
): Promise<ContainerRecord> {
  await checkComputer();
  await checkImage(image);
  try {
    const record = await withLock(COMPUTER_LOCK, async () => {
      await mkdir(site.directory, { recursive: true, mode: 0o711 });
      await checkDisk(site.directory);
      await checkRoomForOneMore();
      await rememberSite(site);
      const taken = { id, hostname, image, address: await takeAddress(site) };
      await writeRecord(site, taken);
      makeCgroup(placesOf(site, id).cgroup);
      return taken;
    });
    await prepare(placesOf(site, id).upper);
    await launch(site, record);
    await ready(site, record);
    await rm(placesOf(site, id).making);
    return record;
  } catch (error) {
    await removeMachine(site, id);
    throw error;
  }
}

/** Starts a machine that was powered off, or whose computer was, with the address and the disk that it had. */
export async function startMachine(site: Site, record: ContainerRecord): Promise<void> {
  await checkComputer();
  await checkImage(record.image);
  await withLock(COMPUTER_LOCK, async () => {
    await removeCgroup(placesOf(site, record.id).cgroup);
    await checkRoomForOneMore();
    await rememberSite(site);
    makeCgroup(placesOf(site, record.id).cgroup);
  });
  await launch(site, record);
  await waitForSsh(site, record);
}

/** Whether a machine runs, or is between two starts of a reboot. */
export function isRunning(site: Site, id: string): boolean {
  return isPopulated(placesOf(site, id).cgroup);
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
  await detach(places);
  await removeTree(places.directory);
  await withLock(COMPUTER_LOCK, async () => {
    if ((await listIds(site)).length === 0) await removeSite(site);
  });
}

/** Removes what a site's containers shared. Call it under the computer's lock, when there are none. */
export async function removeSite(site: Site): Promise<void> {
  await deleteInterface(site.bridge);
  await removeCgroup(site.cgroup);
  await rm(join(site.directory, "network.json"), { force: true });
  await rmdir(site.directory).catch(() => {});
  await forgetSite(site);
}

async function launch(site: Site, record: ContainerRecord): Promise<void> {
  const subnet = await withLock(COMPUTER_LOCK, async () => {
    const subnet = await subnetOf(site);
    await ensureBridge(site, subnet);
    await attach(site, placesOf(site, record.id), record.address);
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
