import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cgroupMount, cgroupPath } from "./cgroup.js";
import { ContainerError } from "./errors.js";
import type { Settings } from "./settings.js";

/** How long the kernel counts processor time for before it starts anew, in microseconds; its own default. */
const PERIOD_US = 100_000;

/** One of the older hierarchies, which hold the controllers on computers that have not moved to cgroup2 wholly. */
interface Hierarchy {
  readonly controller: "memory" | "cpu";
  readonly mount: string;
}

/**
 * Gives a machine its limits; undefined lifts one. They hold at once, also for a machine that runs.
 *
 * @param name the machine's cgroup
 * @returns directories of older hierarchies that the machine's processes have to enter, too
 * @throws ContainerError where this computer cannot limit what is asked for
 */
export function limitResources(name: string, { memory, cpus }: Settings): string[] {
  const entered: string[] = [];
  const bytes = memory === undefined ? undefined : Math.round(memory * 2 ** 20);
  const quota = cpus === undefined ? undefined : Math.round(cpus * PERIOD_US);
  for (const [controller, value] of [
    ["memory", bytes],
    ["cpu", quota],
  ] as const) {
    const older = olderHierarchies().find((each) => each.controller === controller);
    if (older === undefined) {
      if (!enable(name, controller)) {
        if (value !== undefined) throw new ContainerError(refusal(controller));
        continue;
      }
      const text = controller === "memory" ? `${value ?? "max"}` : `${value ?? "max"} ${PERIOD_US}`;
      writeFileSync(join(cgroupPath(name), `${controller}.max`), text);
      continue;
    }
    const directory = join(older.mount, name);
    if (value === undefined && !existsSync(directory)) continue;
    mkdirSync(directory, { recursive: true });
    const file = controller === "memory" ? "memory.limit_in_bytes" : "cpu.cfs_quota_us";
    writeFileSync(join(directory, file), String(value ?? -1));
    entered.push(directory);
  }
  return entered;
}

/** Removes what a machine had in older hierarchies, once its processes have ended. */
export function forgetLimits(name: string): void {
  for (const { mount } of olderHierarchies())
    for (const directory of [join(mount, name), join(mount, dirname(name))])
      try {
        rmdirSync(directory);
      } catch {
        // Not there, or another machine of the site is in it.
      }
}

function refusal(controller: string): string {
  return `This computer cannot limit a machine's ${controller}: its cgroup2 does not offer the ${controller} controller to ${cgroupMount()}. Leave the limit out.`;
}

/** Has cgroup2 hand a controller down to a machine; false where it has none to hand. */
function enable(name: string, controller: string): boolean {
  const mount = cgroupMount() ?? "";
  const parts = name.split("/");
  for (let depth = 0; depth < parts.length; depth += 1) {
    const directory = join(mount, ...parts.slice(0, depth));
    const offered = readFileSync(join(directory, "cgroup.controllers"), "utf8").trim().split(" ");
    if (!offered.includes(controller)) return false;
    try {
      writeFileSync(join(directory, "cgroup.subtree_control"), `+${controller}`);
    } catch {
      return false;
    }
  }
  return true;
}

/** Mounts of cgroup, version 1, by what /proc/self/mounts says of them. */
function olderHierarchies(): Hierarchy[] {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  return mounts.flatMap((line): Hierarchy[] => {
    const [, mount = "", type, options = ""] = line.split(" ");
    if (type !== "cgroup") return [];
    return (["memory", "cpu"] as const)
      .filter((controller) => options.split(",").includes(controller) && readdirSync(mount).length > 0)
      .map((controller) => ({ controller, mount }));
  });
}
