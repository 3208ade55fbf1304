import { rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freeAddresses } from "./address.js";
import { checkComputer } from "./checks.js";
import { checkImage, copyImage, growDisk } from "./disk.js";
import {
  addController,
  attach,
  consoleOf,
  DISK_PORT,
  detach,
  mediaOf,
  SEED_PORT,
  setFolders,
  setHardware,
  setPorts,
  setVolumes,
} from "./hardware.js";
import { type HostOnlyKind, hostOnlyNetworks } from "./hostonly.js";
import type { MachineInputs } from "./inputs.js";
import { VirtualboxError } from "./manage/error.js";
import { readNote, writeNote } from "./manage/extra-data.js";
import { folderOf, infoOf, isOn, type MachineInfo } from "./manage/info.js";
import { manage } from "./manage/manage.js";
import { type Version, wantsArchitecture } from "./manage/version.js";
import { announce, own, refuseStranger, unannounce } from "./ownership.js";
import { fixedAddress, type Place, placeOf, toldAddress } from "./place.js";
import { start, stop } from "./power.js";
import { seedImage } from "./seed.js";

/** How long a machine that will be deleted may take to write its volumes, in milliseconds. */
const LAST_SHUTDOWN_MS = 30_000;

/**
 * Makes a machine and starts it. One that a run which was killed had made is taken over by its notes, and a half one is made
 * anew; one that is not Firn's is left alone.
 *
 * @returns its UUID and where it is reached
 */
export async function makeMachine(inputs: MachineInputs): Promise<{ uuid: string } & Place> {
  const version = await checkComputer(inputs);
  await checkImage(inputs.image);
  const info = await infoOf(inputs.name);
  if (info) {
    const uuid = info.get("UUID") ?? "";
    await refuseStranger(uuid, inputs);
    if ((await readNote(uuid, "Made")) === "yes") {
      await start(uuid, inputs.name, inputs.headless);
      return { uuid, ...(await placeOf(uuid, info, inputs)) };
    }
    await removeMachine(uuid, inputs.name);
  }
  await announce(inputs);
  const uuid = await register(inputs, version).catch(async (error: unknown) => {
    await unannounce(inputs);
    throw error;
  });
  try {
    await own(uuid, inputs);
    const fresh = await existing(uuid, inputs.name);
    const folder = folderOf(fresh);
    await addController(uuid);
    const disk = join(folder, `${inputs.name}.vdi`);
    await copyImage(inputs.image, disk, inputs.disk);
    await attach(uuid, DISK_PORT, "hdd", disk);
    await setHardware(uuid, inputs, await kindOfNetwork(inputs.hostOnly), folder);
    const info = await existing(uuid, inputs.name);
    await setPorts(uuid, info, false, inputs.ports);
    await setFolders(uuid, info, inputs.sharedFolders);
    await setVolumes(uuid, info, inputs.volumes);
    const fixed = await fixedAddress(inputs);
    await attachSeed(uuid, info, inputs, fixed);
    await start(uuid, inputs.name, inputs.headless);
    await writeNote(uuid, "Made", "yes");
    return { uuid, ...(fixed ?? (await toldAddress(uuid, info, inputs))) };
  } catch (error) {
    await removeMachine(uuid, inputs.name);
    throw error;
  }
}

/**
 * Makes a machine what its inputs say now. It is shut down where VirtualBox changes nothing of a machine that runs, and
 * started again; with what it had before, where it does not start with the new.
 */
export async function changeMachine(uuid: string, olds: MachineInputs, news: MachineInputs): Promise<Place> {
  await checkComputer(news);
  const info = await existing(uuid, news.name);
  const folder = folderOf(info);
  if (olds.disk !== news.disk && info.has("SnapshotName"))
    throw new VirtualboxError(
      `The disk of ${news.name} cannot grow while the machine has snapshots: delete them first (VBoxManage snapshot ${news.name} list, then delete; \`snapshots: 0\` deletes Firn's).`,
    );
  if (news.disk < olds.disk)
    throw new VirtualboxError(
      `The disk of ${news.name} has ${olds.disk} GB, and disks do not shrink: give it as much or more (\`disk\`).`,
    );
  const kind = await kindOfNetwork(news.hostOnly);
  const needsOff = wantsPowerOff(olds, news);
  const equip = async (inputs: MachineInputs) => {
    await setHardware(uuid, inputs, kind, folder);
    await setFolders(uuid, await existing(uuid, inputs.name), inputs.sharedFolders);
  };
  if (needsOff) await stop(uuid, news.name);
  try {
    if (needsOff) {
      if (olds.disk !== news.disk) await growDisk(join(folder, `${news.name}.vdi`), news.disk);
      await equip(news);
    }
    const now = await existing(uuid, news.name);
    await setPorts(uuid, now, isOn(now), news.ports);
    await setVolumes(uuid, now, news.volumes);
    await start(uuid, news.name, news.headless);
  } catch (error) {
    // What the user is told is why the new did not work.
    if (needsOff)
      await equip(olds)
        .then(() => start(uuid, news.name, news.headless))
        .catch(() => {});
    throw error;
  }
  return placeOf(uuid, info, news);
}

/** Whether a change has to wait until the machine is off. */
export function wantsPowerOff(olds: MachineInputs, news: MachineInputs): boolean {
  return (["memory", "cpus", "disk", "flags", "sharedFolders"] as const).some(
    (property) => JSON.stringify(olds[property]) !== JSON.stringify(news[property]),
  );
}

/** Removes a machine and its own disk. What else was attached to it, volumes above all, stays. */
export async function removeMachine(uuid: string, name: string): Promise<void> {
  const info = await infoOf(uuid);
  if (info) {
    await stop(uuid, name, LAST_SHUTDOWN_MS);
    const folder = folderOf(info);
    // Unregistering deletes the files of all disks that are attached, now or in a snapshot.
    for (const snapshot of snapshotsOf(info))
      await manage(`delete a snapshot of ${name}`, "snapshot", uuid, "delete", snapshot);
    for (const [port, path] of mediaOf(await existing(uuid, name)))
      if (port === SEED_PORT || !path.startsWith(folder)) await detach(uuid, port);
    await manage(`remove the machine ${name}`, "unregistervm", uuid, "--delete");
    for (const file of [seedOf(folder), consoleOf(folder)]) await rm(file, { force: true });
    await rmdir(folder).catch(() => {});
  }
  await freeAddresses(name);
}

/** UUIDs of a machine's snapshots, children before their parents. */
function snapshotsOf(info: MachineInfo): string[] {
  return [...info]
    .filter(([key]) => /^SnapshotUUID(-\d+)*$/.test(key))
    .sort(([one], [other]) => other.length - one.length)
    .map(([, uuid]) => uuid);
}

async function register(inputs: MachineInputs, version: Version): Promise<string> {
  const architecture = wantsArchitecture(version) ? ["--platform-architecture=x86"] : [];
  const what = [`--name=${inputs.name}`, ...architecture, `--ostype=${inputs.osType}`, "--register"];
  const said = await manage(`make the machine ${inputs.name}`, "createvm", ...what);
  const uuid = /^UUID: ([0-9a-f-]{36})/m.exec(said)?.[1];
  if (!uuid) throw new VirtualboxError(`VBoxManage made ${inputs.name} and tells no UUID: ${said.trim()}`);
  return uuid;
}

async function existing(uuid: string, name: string): Promise<MachineInfo> {
  const info = await infoOf(uuid);
  if (info) return info;
  throw new VirtualboxError(
    `The machine ${name} (${uuid}) is gone from VirtualBox: run \`pulumi refresh\`, then \`pulumi up\` makes it anew.`,
  );
}

async function kindOfNetwork(name: string | undefined): Promise<HostOnlyKind | undefined> {
  return (await hostOnlyNetworks()).find((each) => each.name === name)?.kind;
}

async function attachSeed(
  uuid: string,
  info: MachineInfo,
  inputs: MachineInputs,
  fixed: Place | undefined,
): Promise<void> {
  const [nat = "", own = ""] = [info.get("macaddress1"), info.get("macaddress2")];
  const address = fixed && `${fixed.address}/${fixed.prefixLength}`;
  const interfaces = [{ mac: nat }, { mac: own, ...(address === undefined ? {} : { address }) }];
  const file = seedOf(folderOf(info));
  // It has the machine's first host key, which another replaces with the first deployment.
  await writeFile(file, seedImage(uuid, inputs.hostname, inputs.userData, interfaces), { mode: 0o600 });
  await attach(uuid, SEED_PORT, "dvddrive", file);
}

function seedOf(folder: string): string {
  return join(folder, "seed.iso");
}
