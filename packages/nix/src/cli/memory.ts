import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

const INTERVAL_MS = 100;

/** What Nix holds beside the values that it collects: the program, files that it parsed, its database (measured). */
const BESIDE_HEAP_MB = 120;

/** What the collector notes about each MB of its heap, in MB (measured). */
const NOTES = 0.09;

/**
 * How Nix' garbage collector shall use `maxMb` of memory. By itself it collects as soon as its heap has grown by a
 * third, which is a third of the time of a big evaluation; within a limit it may let the heap grow first. Memory that
 * the heap may take and never touches costs nothing.
 *
 * @param allocatedMb what the evaluation takes if nothing is collected
 * @returns environment of the collector (https://github.com/ivmai/bdwgc/blob/master/docs/README.environment)
 */
export function heapWithin(
  maxMb: number | undefined,
  allocatedMb: number | undefined,
): Record<string, string> {
  if (maxMb === undefined) return {};
  const most = Math.max(64, Math.floor((maxMb - BESIDE_HEAP_MB) / (1 + NOTES)));
  const initial = Math.min(most, Math.max(64, Math.floor(allocatedMb ?? 0)));
  return {
    GC_MAXIMUM_HEAP_SIZE: `${most}M`,
    GC_INITIAL_HEAP_SIZE: `${initial}M`,
    GC_FREE_SPACE_DIVISOR: "1",
  };
}

/** Ends a process that holds more memory than `maxMb`; `stop` tells whether it did. */
export function watchMemory(child: ChildProcess, maxMb: number | undefined): { stop(): "exceeded" | "kept" } {
  if (maxMb === undefined || process.platform !== "linux") return { stop: () => "kept" };
  let exceeded = false;
  const timer = setInterval(() => {
    if (child.pid === undefined || residentMb(child.pid) <= maxMb) return;
    exceeded = true;
    child.kill("SIGKILL");
  }, INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      return exceeded ? "exceeded" : "kept";
    },
  };
}

function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it ended meanwhile
  }
}
