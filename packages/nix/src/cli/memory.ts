import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

const INTERVAL_MS = 100;

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
