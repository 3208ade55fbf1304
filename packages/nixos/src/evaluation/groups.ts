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
const PROCESS_MB = 400;
const MACHINE_MB = 150;

/**
 * What evaluating a machine allocates in all, in MB, of which it keeps {@link MACHINE_MB}: 285 with NixOS 17.09, more with
 * newer releases.
 */
const ALLOCATED_MB = 600;

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

/** How much memory a process that evaluates so many machines takes if it never collects, in MB. */
export function allocatedMb(machines: number): number {
  return PROCESS_MB + ALLOCATED_MB * machines;
}

/** How much memory evaluation may take, in MB. */
export interface EvaluationMemory {
  /** All Nix processes together. */
  readonly memoryMb: number;
  /** One machine that needs more than its share, alone. */
  readonly aloneMb: number;
}

/** What is configured, or two thirds of the memory that is free now; a machine alone may have nearly all of it. */
export function evaluationMemory(configuredMb?: number): EvaluationMemory {
  if (configuredMb !== undefined) return { memoryMb: configuredMb, aloneMb: configuredMb };
  const freeMb = availableBytes() / 1e6;
  return { memoryMb: Math.floor((freeMb * 2) / 3), aloneMb: Math.floor(freeMb * 0.95) };
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
