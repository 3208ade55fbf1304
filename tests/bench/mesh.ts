import { rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Project } from "../e2e/project.js";
import { medians } from "./medians.js";

const RUNS = 3;

interface MeshRun {
  /** A whole preview that evaluates every machine. */
  readonly preview_s: number;
  /** The same without evaluation: the difference is what evaluation costs. */
  readonly cached_s: number;
}

/**
 * What a full mesh costs a preview, against the same machines without links in the same run. Nothing is deployed: the
 * machines are existing hosts with addresses that are never used.
 */
export async function benchMesh(count: number, say: (line: string) => void): Promise<unknown> {
  const project = new Project("bench-mesh");
  try {
    project.program(meshProgram(count, false));
    await project.init();
    await project.pulumi("config", "set", "firn:lookAtHosts", "false");
    const runs: { none: MeshRun; mesh: MeshRun }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      runs.push({
        none: await measure(project, meshProgram(count, false)),
        mesh: await measure(project, meshProgram(count, true)),
      });
      say(`${count} machines, run ${run}: ${JSON.stringify(runs.at(-1))}`);
    }
    const { none, mesh } = medians(runs);
    const evaluation = ({ preview_s, cached_s }: MeshRun) => preview_s - cached_s;
    return {
      machines: count,
      links: (count * (count - 1)) / 2,
      none,
      mesh,
      preview_ratio: mesh.preview_s / none.preview_s,
      evaluation_ratio: evaluation(mesh) / evaluation(none),
    };
  } finally {
    await project.dispose();
  }
}

/** Networks of existing hosts; their addresses are of the range for documentation, and only a preview names them. */
export function meshProgram(count: number, mesh: boolean): string {
  return `
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const hosts = Object.fromEntries(Array.from({ length: ${count} }, (_, i) => ["m" + i, { address: "192.0.2." + (i + 1), hostKey }]));
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: existing(hosts) });
for (const name of Object.keys(hosts)) net.machine(name, { config: { boot: { isContainer: true } } });
${mesh ? "net.mesh();" : ""}
`;
}

async function measure(project: Project, program: string): Promise<MeshRun> {
  project.program(program);
  rmSync(join(project.directory, ".firn", "cache"), { recursive: true, force: true });
  return { preview_s: await preview(project), cached_s: await preview(project) };
}

async function preview(project: Project): Promise<number> {
  const start = performance.now();
  const result = await project.preview();
  if (result.exitCode !== 0) throw new Error(result.output);
  return (performance.now() - start) / 1000;
}
