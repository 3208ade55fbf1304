import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { VirtualboxError } from "./manage/error.js";
import { ManageError, manage, manageIfThere } from "./manage/manage.js";

const run = promisify(execFile);

/** Images that VirtualBox copies into its own format. */
const CLONED = [".vdi", ".vmdk", ".vhd"];
const RAW = [".raw", ".img"];

/**
 * Checks that a machine can start from an image, before anything is made.
 *
 * @throws VirtualboxError that says what to do
 */
export async function checkImage(image: string): Promise<void> {
  const end = extname(image).toLowerCase();
  if (![...CLONED, ...RAW, ".ova"].includes(end))
    throw new VirtualboxError(
      `virtualbox({ image: ${JSON.stringify(image)} }): VirtualBox reads .vdi, .vmdk, .vhd, .ova and raw images (.raw, .img).${
        end === ".qcow2" || end === ".xz"
          ? " Convert it: `qemu-img convert -O raw IMAGE.qcow2 IMAGE.raw`; Debian and Ubuntu also publish it as .raw and .vmdk."
          : ""
      }`,
    );
  await stat(image).catch(() => {
    throw new VirtualboxError(
      `virtualbox({ image }): this computer has no ${image}. Debian publishes one among its cloud images, as .raw (generic, not genericcloud, whose kernel does not know VirtualBox' disks).`,
    );
  });
}

/**
 * Copies an image to a machine's own disk, a VDI file, and grows it.
 *
 * @param path relative to the project, as everything that a provider is told
 */
export async function copyImage(path: string, disk: string, gigabytes: number): Promise<void> {
  const image = resolve(path);
  const end = extname(image).toLowerCase();
  if (end === ".ova") {
    // An OVA is a tar file with the disk in it.
    const directory = await mkdtemp(join(tmpdir(), "firn-ova-"));
    try {
      const { stdout } = await run("tar", ["-tf", image]);
      const inside = stdout.split("\n").find((name) => /\.(vmdk|vdi|vhd)$/i.test(name.trim()));
      if (!inside) throw new VirtualboxError(`${image} has no disk in it: VirtualBox exports it as .vmdk.`);
      await run("tar", ["-xf", image, "-C", directory, inside]);
      await clone(join(directory, inside), disk);
    } finally {
      await rm(directory, { recursive: true });
    }
  } else if (RAW.includes(end))
    await manage(`copy the image ${image}`, "convertfromraw", image, disk, "--format=VDI");
  else await clone(image, disk);
  await growDisk(disk, gigabytes);
}

async function clone(image: string, disk: string): Promise<void> {
  await manage(`copy the image ${image}`, "clonemedium", image, disk, "--format=VDI");
  // It would be in VirtualBox' list of media for as long as its file is there.
  await manageIfThere(`forget the image ${image}`, "closemedium", "disk", image).catch(whileOthersUseIt);
}

/** Another machine may be copied from it now, and forgets it then. */
function whileOthersUseIt(error: unknown): void {
  if (!(error instanceof ManageError)) throw error;
}

/** Makes a disk as large as that, where it is smaller. */
export async function growDisk(disk: string, gigabytes: number): Promise<void> {
  const medium = await mediumAt(disk);
  const wanted = megabytes(gigabytes);
  if (medium.megabytes < wanted)
    await manage(`grow ${disk} to ${gigabytes} GB`, "modifymedium", "disk", disk, `--resize=${wanted}`);
  else if (medium.megabytes > wanted)
    throw new VirtualboxError(
      `The disk ${disk} has ${Math.ceil((medium.megabytes * 2 ** 20) / 1e9)} GB already, and disks do not shrink: give it as much or more.`,
    );
}

/** VirtualBox' MB are 2^20 bytes, and a disk is at least as large as was asked for. */
export function megabytes(gigabytes: number): number {
  return Math.ceil((gigabytes * 1e9) / 2 ** 20);
}

/** What `VBoxManage showmediuminfo` tells of a disk. */
export interface Medium {
  readonly uuid: string;
  readonly megabytes: number;
  /** UUIDs of the machines that it is attached to. */
  readonly users: readonly string[];
}

export async function mediumAt(disk: string): Promise<Medium> {
  return parseMedium(await manage(`tell of the disk ${disk}`, "showmediuminfo", "disk", disk));
}

export function parseMedium(text: string): Medium {
  return {
    uuid: /^UUID:\s+([0-9a-f-]{36})/m.exec(text)?.[1] ?? "",
    megabytes: Number(/^Capacity:\s+(\d+) MBytes/m.exec(text)?.[1] ?? 0),
    users: [...text.matchAll(/\(UUID: ([0-9a-f-]{36})\)/g)].map((match) => match[1] ?? ""),
  };
}

/**
 * Path by which Linux finds a disk, whichever port it is at: VirtualBox makes a disk's serial number of its UUID (the first
 * and the last 32 bits, the latter with their bytes turned round), and udev a link of that.
 *
 * @returns `undefined` for one in ten UUIDs, whose serial number is written in more than one way
 */
export function deviceOf(uuid: string): string | undefined {
  const hex = uuid.replaceAll("-", "");
  const first = hex.slice(0, 8);
  const last = (hex.slice(24).match(/../g) ?? []).reverse().join("");
  if (first.startsWith("0") || last.startsWith("0")) return undefined;
  return `/dev/disk/by-id/ata-VBOX_HARDDISK_VB${first}-${last}`;
}
