import { mkdir, readdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ContainerError } from "./errors.js";

const KILL_TIMEOUT_MS = 15_000;

/** Where cgroup2 is mounted: alone at `/sys/fs/cgroup`, or beside the older hierarchies; `undefined` when it is not. */
export async function cgroupMount(): Promise<string | undefined> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" "));
  return mounts.find(([, , type]) => type === "cgroup2")?.[1];
}

/** Absolute path of a cgroup. */
export async function cgroupPath(name: string): Promise<string> {
  const mount = await cgroupMount();
  if (!mount)
    throw new ContainerError(
      "Machines on this computer need cgroup2, which is not mounted: run `mount -t cgroup2 cgroup2 /sys/fs/cgroup`.",
    );
  return join(mount, name);
}

/**
 * Makes a container's cgroup: the machine and its supervisor each have their own part, because the machine's systemd
 * must be alone in its root to hand controllers down.
 */
export async function makeCgroup(name: string): Promise<string> {
  const path = await cgroupPath(name);
  for (const part of ["supervisor", "machine"]) await mkdir(join(path, part), { recursive: true });
  return path;
}

/** Whether any process lives in a cgroup or below. */
export async function isPopulated(name: string): Promise<boolean> {
  const events = await readFile(join(await cgroupPath(name), "cgroup.events"), "utf8").catch(() => "");
  return /^populated 1$/m.test(events);
}

/**
 * Ends all processes of a cgroup and removes it; does nothing when it is gone already.
 *
 * @throws ContainerError when processes do not die, with their ids
 */
export async function removeCgroup(name: string): Promise<void> {
  await killAll(name);
  await removeTree(await cgroupPath(name));
}

/** Ends all processes of a cgroup at once, as a power cut would. */
export async function killAll(name: string): Promise<void> {
  const path = await cgroupPath(name);
  const deadline = Date.now() + KILL_TIMEOUT_MS;
  while (await isPopulated(name)) {
    const pids = await processesIn(path);
    if (Date.now() > deadline)
      throw new ContainerError(
        `Processes ${pids.join(", ")} of ${path} do not end; look at them with \`ps\` and try again.`,
      );
    for (const pid of pids) kill(pid);
    await sleep(10);
  }
}

/** Ids of all processes of a cgroup and below; the path is absolute. */
export async function processesIn(path: string): Promise<number[]> {
  const own = (await readFile(join(path, "cgroup.procs"), "utf8").catch(() => ""))
    .split("\n")
    .filter(Boolean)
    .map(Number);
  const below = await Promise.all((await subgroups(path)).map(processesIn));
  // 0 is a process that this PID namespace cannot see, and would mean "all of mine" to kill.
  return [...own.filter((pid) => pid > 0), ...below.flat()];
}

/** Names of the cgroups directly below the cgroup2 mount that match. */
export async function topCgroups(pattern: RegExp): Promise<string[]> {
  const mount = await cgroupMount();
  return mount
    ? (await subgroups(mount))
        .map((path) => path.slice(mount.length + 1))
        .filter((name) => pattern.test(name))
    : [];
}

/** Absolute paths of the cgroups directly below one. */
export async function subgroups(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
}

async function removeTree(path: string): Promise<void> {
  for (const child of await subgroups(path)) await removeTree(child);
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
