import { readFileSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";

export interface GroupPlan {
  /** Machines that one Nix process evaluates together. */
  readonly groups: readonly (readonly string[])[];
  /** How many of the groups run at once. */
  readonly processes: number;
  /** Share of one process, in MB. */
  readonly memoryMb: number;
}

/** What a process needs for nixpkgs itself and for each machine, in MB (measured with NixOS 17.09, rounded up). */
const PROCESS_MB = 500;
const MACHINE_MB = 30;

/** A second process costs a second reading of nixpkgs, which pays from this many machines on. */
const WORTH_A_PROCESS = 4;

/** Shares machines among as many processes as pay, within the cores and the memory. */
export function planGroups(
  names: readonly string[],
  memoryMb: number,
  cores: number = availableParallelism(),
): GroupPlan {
  const affordable = Math.floor(memoryMb / (PROCESS_MB + MACHINE_MB * WORTH_A_PROCESS));
  const useful = Math.floor(names.length / WORTH_A_PROCESS);
  const processes = Math.max(1, Math.min(cores, affordable, useful));
  const share = memoryMb / processes;
  const fitting = Math.max(1, Math.floor((share - PROCESS_MB) / MACHINE_MB));
  const size = Math.max(1, Math.min(Math.ceil(names.length / processes), fitting));
  const groups: string[][] = [];
  for (let start = 0; start < names.length; start += size) groups.push(names.slice(start, start + size));
  return { groups, processes, memoryMb: share };
}

/** Two thirds of the memory that is free now, in MB: what evaluation takes when nothing is configured. */
export function defaultMemoryMb(): number {
  return Math.floor((availableBytes() * 2) / 3 / 1e6);
}

/** Linux counts memory that caches hold as available; `freemem` of older Node does not. */
function availableBytes(): number {
  try {
    const match = /MemAvailable:\s+(\d+) kB/.exec(readFileSync("/proc/meminfo", "utf8"));
    if (match) return Number(match[1]) * 1024;
  } catch {
    // not Linux
  }
  return freemem();
}
