import { access, constants, readFile, statfs } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cgroupMount, cgroupPath, subgroups, topCgroups } from "./cgroup.js";
import { ContainerError } from "./errors.js";
import { PROGRAM_ENVIRONMENT, run } from "./run.js";

const PROGRAMS = [
  "chroot",
  "flock",
  "ip",
  "mknod",
  "mount",
  "nsenter",
  "pivot_root",
  "setpriv",
  "setsid",
  "unshare",
];

/** inotify instances that one machine's systemd and its services take; beyond the limit sshd is silently not started. */
const INOTIFY_INSTANCES_PER_MACHINE = 6;

const OVERLAYFS_MAGIC = 0x794c7630;

/**
 * Checks that this computer can have machines at all.
 *
 * @throws ContainerError that says what is missing and what to do
 */
export async function checkComputer(): Promise<void> {
  if (process.platform !== "linux")
    throw new ContainerError(
      "Machines on this computer need Linux: choose another target, for example a virtual machine.",
    );
  if (process.getuid?.() !== 0)
    throw new ContainerError(
      "Machines on this computer need root: run Pulumi as root (sudo), or choose another target.",
    );
  const missing = (
    await Promise.all(PROGRAMS.map(async (name) => ((await onPath(name)) ? [] : [name])))
  ).flat();
  if (missing.length > 0)
    throw new ContainerError(
      `Machines on this computer need ${missing.join(", ")}: install util-linux, iproute2, coreutils and mount, as your distribution calls them.`,
    );
  if (!cgroupMount())
    throw new ContainerError(
      "Machines on this computer need cgroup2: run `mount -t cgroup2 cgroup2 /sys/fs/cgroup`.",
    );
  if (!/\toverlay$/m.test(await readFile("/proc/filesystems", "utf8")))
    await run("modprobe", ["overlay"]).catch(() => {
      throw new ContainerError(
        "Machines on this computer need the overlay file system, which this kernel does not offer.",
      );
    });
}

/**
 * Checks that machines' disks can lie in a directory.
 *
 * @throws ContainerError that says why not and what to do
 */
export async function checkDisk(directory: string): Promise<void> {
  if ((await statfs(directory)).type === OVERLAYFS_MAGIC)
    throw new ContainerError(
      `${directory} lies on an overlay file system, which cannot hold machines' disks: set FIRN_CONTAINER_STATE to a directory on a real disk.`,
    );
}

/**
 * Checks that one more machine can start. Call it under the computer's lock and before its cgroup is made.
 *
 * @throws ContainerError that says which limit stands in the way and what to do
 */
export async function checkRoomForOneMore(): Promise<void> {
  const limit = Number(await readFile("/proc/sys/fs/inotify/max_user_instances", "utf8"));
  const refusal = inotifyRefusal(countMachines() + 1, limit);
  if (refusal) throw new ContainerError(refusal);
}

/** Why so many machines cannot run with a limit of inotify instances; `undefined` when they can. */
export function inotifyRefusal(machines: number, limit: number): string | undefined {
  const wanted = INOTIFY_INSTANCES_PER_MACHINE * machines;
  if (wanted <= limit) return undefined;
  return `${machines} machines on this computer need ${wanted} inotify instances, and it allows ${limit}: run \`sysctl -w fs.inotify.max_user_instances=${Math.max(1024, 2 * wanted)}\` and try again.`;
}

/** Machines that run or are being started, of all state directories. */
function countMachines(): number {
  return topCgroups(/^firn-[0-9a-f]{6}$/).flatMap((name) => subgroups(cgroupPath(name))).length;
}

async function onPath(name: string): Promise<boolean> {
  const tries = PROGRAM_ENVIRONMENT.PATH.split(delimiter).map((directory) =>
    access(join(directory, name), constants.X_OK).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(tries)).includes(true);
}
