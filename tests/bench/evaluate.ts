import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Pin } from "@firn/nix";
import { evaluationMemory } from "../../packages/nixos/dist/evaluation/groups.js";
import {
  evaluateNetwork,
  type NetworkEvaluationRequest,
  renderedDirectory,
} from "../../packages/nixos/dist/evaluation/network.js";
import { medians } from "./medians.js";
import { watchMemory } from "./memory.js";

const RUNS = 3;

interface Measured {
  seconds: number;
  /** Of all Nix processes together, at their peak. */
  peak_mb: number;
  processes: number;
}

interface Run {
  plain: Measured;
  firn: Measured;
  cached_seconds: number;
}

/**
 * Measures the evaluation of networks against one plain `nix-instantiate` of the same machines, in the same run.
 *
 * @param work directory for projects; it is left empty
 */
export async function benchEvaluation(
  nixpkgs: string,
  counts: readonly number[],
  work: string,
  say: (line: string) => void,
): Promise<unknown> {
  const machines: Record<string, unknown> = {};
  for (const count of counts) {
    const runs: Run[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const measured = await measure(nixpkgs, count, work);
      say(`${count} machines, run ${run}: ${JSON.stringify(measured)}`);
      runs.push(measured);
    }
    const median = medians(runs);
    machines[count] = {
      ...median,
      ratio: Math.round((median.firn.seconds / median.plain.seconds) * 100) / 100,
    };
  }
  return { machines };
}

async function measure(nixpkgs: string, count: number, work: string): Promise<Run> {
  mkdirSync(work, { recursive: true });
  const root = mkdtempSync(join(work, "evaluate-"));
  try {
    const request = networkOf(nixpkgs, count, root);
    const firn = await watched(async () => void (await evaluateNetwork(request)));
    const start = performance.now();
    await evaluateNetwork(request);
    const cached_seconds = seconds(start);
    const plain = await watched(() => instantiate(renderedDirectory(root, "bench", "net"), count));
    return { plain, firn, cached_seconds };
  } finally {
    rmSync(root, { recursive: true });
  }
}

function networkOf(nixpkgs: string, count: number, root: string): NetworkEvaluationRequest {
  const pin: Pin = { kind: "path", path: nixpkgs };
  return {
    name: "net",
    stack: "bench",
    root,
    pins: new Map([["nixpkgs", pin]]),
    defaults: { boot: { isContainer: true }, services: { openssh: { enable: true } } },
    defaultModules: [],
    memory: evaluationMemory(),
    machines: Array.from({ length: count }, (_, index) => ({
      name: `m${index}`,
      declared: "bench",
      system: "x86_64-linux",
      stateVersion: "26.05",
      hosts: {},
      knownHosts: [],
      config: { environment: { etc: { marker: { text: `machine ${index}` } } } },
      physical: {},
      modules: [],
      pin: "nixpkgs",
      specialArgs: undefined,
    })),
  };
}

function instantiate(directory: string, count: number): Promise<void> {
  const attributes = Array.from({ length: count }, (_, index) => [
    "-A",
    `m${index}.config.system.build.toplevel`,
  ]);
  return new Promise((resolve, reject) => {
    const child = spawn("nix-instantiate", [directory, ...attributes.flat()], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const stderr: Buffer[] = [];
    child.stderr.on("data", (chunk) => stderr.push(chunk));
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(Buffer.concat(stderr).toString())),
    );
  });
}

async function watched(work: () => Promise<void>): Promise<Measured> {
  const memory = watchMemory(process.pid);
  const start = performance.now();
  await work();
  const measured = { seconds: seconds(start), processes: memory.nixProcesses() };
  return { ...measured, peak_mb: memory.stop().nix };
}

function seconds(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
