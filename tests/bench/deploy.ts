import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { Project } from "../e2e/project.js";
import { containerOf } from "../lab/lab.js";
import { medians } from "./medians.js";
import { type PeakRss, watchMemory } from "./memory.js";
import { FLOOR_PROGRAM, firnProgram } from "./programs.js";

const NIXPKGS = fileURLToPath(new URL("../mini-nixos", import.meta.url));
const RUNS = 3;

/** The stack, its provider, the network and its deployment key. */
const SHARED_RESOURCES = 4;

interface FirnRun {
  create_s: number;
  noop_s: number;
  one_changed_s: number;
  ssh_connections_per_machine: number;
  nix_processes: number;
  resources_per_machine: number;
  peak_rss_mb: PeakRss;
}

/** Measures first deployment, no-op and one changed machine for some counts, each against the floor of the same run. */
export async function benchDeployments(
  counts: readonly number[],
  say: (line: string) => void,
): Promise<unknown> {
  const machines: Record<string, unknown> = {};
  for (const count of counts) {
    const firn: FirnRun[] = [];
    const floor: { create_s: number; noop_s: number }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const { result, state } = await firnRun(count);
      firn.push(result);
      floor.push(await floorRun(state));
      say(`${count} machines, run ${run}: ${JSON.stringify({ firn: result, floor: floor.at(-1) })}`);
    }
    machines[count] = { floor: medians(floor), firn: medians(firn) };
  }
  return { machines };
}

async function firnRun(count: number): Promise<{ result: FirnRun; state: string }> {
  const project = new Project(`bench-${count}`);
  try {
    project.write("index.ts", firnProgram(count, NIXPKGS, "first"));
    await project.init();
    const memory = watchMemory(process.pid);
    const create_s = await timed(() => must(project.up()));
    const nix_processes = memory.nixProcesses();
    const noop_s = await timed(() => must(project.up()));
    const resources = await project.resources();
    const ids = resources.filter((each) => each.type.endsWith(":Container")).map((each) => each.id ?? "");
    const connections =
      ids.map((id) => containerOf(id).sshAccepted()).reduce((sum, each) => sum + each, 0) / count;
    project.write("index.ts", firnProgram(count, NIXPKGS, "second"));
    const one_changed_s = await timed(() => must(project.up()));
    return {
      result: {
        create_s,
        noop_s,
        one_changed_s,
        ssh_connections_per_machine: connections,
        nix_processes,
        resources_per_machine: (resources.length - SHARED_RESOURCES) / count,
        peak_rss_mb: memory.stop(),
      },
      state: JSON.stringify(resources),
    };
  } finally {
    await project.dispose();
  }
}

async function floorRun(state: string): Promise<{ create_s: number; noop_s: number }> {
  const project = new Project("floor");
  try {
    project.write("state.json", state);
    project.write("index.ts", FLOOR_PROGRAM);
    await project.init();
    const create_s = await timed(() => must(project.up()));
    const noop_s = await timed(() => must(project.up()));
    return { create_s, noop_s };
  } finally {
    await project.dispose();
  }
}

async function must(result: ReturnType<Project["up"]>): Promise<void> {
  const { exitCode, output } = await result;
  if (exitCode !== 0) throw new Error(output);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round((performance.now() - start) / 10) / 100;
}
