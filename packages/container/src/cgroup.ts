import { mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ContainerError } from "./errors.js";

// All files here are the kernel's: reading them waits for no disk.

const KILL_TIMEOUT_MS = 15_000;

/** Where cgroup2 is mounted: alone at `/sys/fs/cgroup`, or beside the older hierarchies; `undefined` when it is not. */
export function cgroupMount(): string | undefined {
  const mounts = read("/proc/self/mounts").split("\n");
  return mounts.map((line) => line.split(" ")).find(([, , type]) => type === "cgroup2")?.[1];
}

/**
 * Absolute path of a cgroup.
 *
 * @throws ContainerError where this computer has no cgroup2
 */
export function cgroupPath(name: string): string {
  const mount = cgroupMount();
  if (!mount)
    throw new ContainerError(
      "Machines on this computer need cgroup2, which is not mounted: run `mount -t cgroup2 cgroup2 /sys/fs/cgroup`.",
    );
  return join(mount, name);
}

/**
 * Makes a container's cgroup: the machine and its supervisor each have their own part, because the machine's systemd
 * must be alone in its root to hand controllers down.
 *
 * @returns its path
 */
export function makeCgroup(name: string): string {
  const path = cgroupPath(name);
  for (const part of ["supervisor", "machine"]) mkdirSync(join(path, part), { recursive: true });
  return path;
}

/** Whether any process lives in a cgroup or below. */
export function isPopulated(name: string): boolean {
  return /^populated 1$/m.test(read(join(cgroupPath(name), "cgroup.events")));
}

/**
 * Ends all processes of a cgroup and removes it; does nothing when it is gone already.
 *
 * @throws ContainerError when processes do not die, with their ids
 */
export async function removeCgroup(name: string): Promise<void> {
  await killAll(name);
  removeTree(cgroupPath(name));
}

/** Ends all processes of a cgroup at once, as a power cut would. */
export async function killAll(name: string): Promise<void> {
  const path = cgroupPath(name);
  const start = performance.now();
  while (isPopulated(name)) {
    const pids = processesIn(path);
    if (performance.now() - start > KILL_TIMEOUT_MS)
      throw new ContainerError(
        `Processes ${pids.join(", ")} of ${path} do not end: look at them with \`ps\`, and try again.`,
      );
    for (const pid of pids) kill(pid);
    await sleep(10);
  }
}

/** Ids of all processes of a cgroup and below; the path is absolute. */
export function processesIn(path: string): number[] {
  const own = read(join(path, "cgroup.procs")).split("\n").map(Number);
  // 0 is a process that this PID namespace cannot see, and would mean "all of mine" to kill.
  return [
    ...own.filter((pid) => pid > 0),
    ...subgroups(path).flatMap((name) => processesIn(join(path, name))),
  ];
}

/** Names of the cgroups directly below one whose path is absolute. */
export function subgroups(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Names of the top cgroups that match a pattern. */
export function topCgroups(pattern: RegExp): string[] {
  return subgroups(cgroupMount() ?? "/nonexistent").filter((name) => pattern.test(name));
}

/** A kernel file's text; empty where it is not, or is not any more. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function removeTree(path: string): void {
  for (const name of subgroups(path)) removeTree(join(path, name));
  ignoring("ENOENT", () => rmdirSync(path));
}

function kill(pid: number): void {
  ignoring("ESRCH", () => process.kill(pid, "SIGKILL"));
}

function ignoring(code: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
  }
}
