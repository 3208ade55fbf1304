import { rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freeAddresses, guestAddress, subnetOfNetwork, takeAddress, waitForGuestAddress } from "./address.js";
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
import type { MachineInputs, MachineOutputs } from "./inputs.js";
import { VirtualboxError } from "./manage/error.js";
import { readNote, writeNote } from "./manage/extra-data.js";
import { folderOf, hostInfo, infoOf, isOn, type MachineInfo } from "./manage/info.js";
import { checkVersion, manage } from "./manage/manage.js";
import { wantsArchitecture } from "./manage/version.js";
import { start, stop } from "./power.js";
import { seedImage } from "./seed/seed.js";

/** How long a machine that will be deleted may take to write its volumes, in milliseconds. */
const LAST_SHUTDOWN_MS = 30_000;

/** Where a machine is reached. */
export type Place = Pick<MachineOutputs, "address" | "prefixLength">;

/**
 * Checks what can be checked before anything is made or switched off.
 *
 * @throws VirtualboxError that says what this computer lacks
 */
export async function checkComputer(inputs: MachineInputs): Promise<void> {
  await checkVersion();
  const { virtualisation, memory } = await hostInfo();
  if (virtualisation === false)
    throw new VirtualboxError(
      "This computer's processor offers no hardware virtualisation, without which VirtualBox runs no 64-bit machine: switch on VT-x, AMD-V or SVM in its firmware setup; inside of a virtual machine, nested virtualisation.",
    );
  if (memory !== undefined && inputs.memory >= memory)
    throw new VirtualboxError(
      `The machine ${inputs.name} would have ${inputs.memory} MiB of memory, and this computer has ${memory} MiB in all: give it less (\`memory\`).`,
    );
}

/**
 * Makes a machine and starts it. One that a run which was killed had made is taken over by its notes, and a half one is made
 * anew; one that is not Firn's is left alone.
 *
 * @returns its UUID and where it is reached
 */
export async function makeMachine(inputs: MachineInputs): Promise<{ uuid: string } & Place> {
  await checkComputer(inputs);
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
  const uuid = await register(inputs);
  try {
    await writeNote(uuid, "Owner", inputs.owner);
    await writeNote(uuid, "Mark", inputs.mark);
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
  const kind = await kindOfNetwork(news.hostOnly);
  if (wantsPowerOff(olds, news)) {
    await stop(uuid, news.name);
    if (olds.disk !== news.disk) await growDisk(join(folder, `${news.name}.vdi`), news.disk);
    await setHardware(uuid, news, kind, folder);
    await setFolders(uuid, info, news.sharedFolders);
  }
  try {
    const now = await existing(uuid, news.name);
    await setPorts(uuid, now, isOn(now), news.ports);
    await setVolumes(uuid, now, news.volumes);
    await start(uuid, news.name, news.headless);
  } catch (error) {
    const before = async () => {
      await setHardware(uuid, olds, kind, folder);
      await start(uuid, news.name, news.headless);
    };
    // What the user is told is why the new did not work.
    if (wantsPowerOff(olds, news)) await before().catch(() => {});
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

/** Where a machine that runs is reached, as far as VirtualBox knows now. */
export async function placeOf(uuid: string, info: MachineInfo, inputs: MachineInputs): Promise<Place> {
  const fixed = await fixedAddress(inputs);
  if (fixed) return fixed;
  return { address: (await guestAddress(uuid, info.get("macaddress2") ?? "")) ?? "", prefixLength: 0 };
}

async function register(inputs: MachineInputs): Promise<string> {
  const architecture = wantsArchitecture(await checkVersion()) ? ["--platform-architecture=x86"] : [];
  const what = [`--name=${inputs.name}`, ...architecture, `--ostype=${inputs.osType}`, "--register"];
  const said = await manage(`make the machine ${inputs.name}`, "createvm", ...what);
  const uuid = /^UUID: ([0-9a-f-]{36})/m.exec(said)?.[1];
  if (!uuid) throw new VirtualboxError(`VBoxManage made ${inputs.name} and tells no UUID: ${said.trim()}`);
  return uuid;
}

async function refuseStranger(uuid: string, { name, owner, mark }: MachineInputs): Promise<void> {
  const [foundOwner, foundMark] = [await readNote(uuid, "Owner"), await readNote(uuid, "Mark")];
  if (foundOwner === owner && foundMark === mark) return;
  const whose =
    foundOwner === undefined
      ? "that Firn did not make"
      : foundOwner === owner
        ? "of an earlier stack of this name"
        : `of ${foundOwner}`;
  throw new VirtualboxError(
    `VirtualBox has a machine "${name}" ${whose}, and none is adopted: remove it (VBoxManage unregistervm ${name} --delete), or give the network, the stack or the machine another name.`,
  );
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

/** The address that Firn gives a machine: in a host-only network always, in a bridged one where the user chose it. */
async function fixedAddress(inputs: MachineInputs): Promise<Place | undefined> {
  if (inputs.bridged !== undefined) {
    const [address = "", length] = inputs.fixedAddress?.split("/") ?? [];
    return inputs.fixedAddress === undefined ? undefined : { address, prefixLength: Number(length) };
  }
  const subnet = await subnetOfNetwork(inputs.hostOnly ?? "");
  const address = await takeAddress(subnet, inputs.name, inputs.fixedAddress);
  return { address, prefixLength: subnet.prefixLength };
}

async function toldAddress(uuid: string, info: MachineInfo, inputs: MachineInputs): Promise<Place> {
  const address = await waitForGuestAddress(uuid, inputs.name, info.get("macaddress2") ?? "");
  return { address, prefixLength: 0 };
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
