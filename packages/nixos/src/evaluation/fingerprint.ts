import { join, resolve } from "node:path";
import { digest } from "./cache.js";
import { readIfThere } from "./files.js";
import type { NetworkEvaluationRequest } from "./network.js";
import { NIX_FILES } from "./nodes.js";
import { fingerprintTree } from "./project.js";
import { ProjectReads } from "./reads.js";
import { machineFiles } from "./render.js";

/** Digests of everything that evaluations can read. */
export interface Fingerprints {
  /** Per machine, without what it could learn of other machines through `nodes`. */
  readonly machines: ReadonlyMap<string, string>;
  /** Of the whole network. */
  readonly network: string;
}

interface Surroundings {
  readonly directory: string;
  readonly files: ReadonlyMap<string, string>;
  /** Nix' version. */
  readonly version: string;
  /** Directory of nixpkgs. */
  readonly nixpkgs: string;
}

/** Takes the fingerprints of a rendered network. */
export function fingerprintNetwork(request: NetworkEvaluationRequest, around: Surroundings): Fingerprints {
  const { directory, files } = around;
  const text = (name: string) => withoutHeader(files.get(name) ?? "");
  const firn = ["manifest.nix", "unknown.nix", "answers.nix"].map(
    (name) => readIfThere(join(NIX_FILES, name)) ?? "",
  );
  const shared = digest(around.version, fingerprintTree(around.nixpkgs), text("defaults.nix"), ...firn);
  const reads = new ProjectReads(request.root);
  const machines = new Map<string, string>();
  for (const machine of request.machines) {
    const own = machineFiles(machine.name);
    const modules = [...request.defaultModules, ...machine.modules];
    const read = reads.digest(
      modules.map((module) => resolve(request.root, module)),
      new Map(["defaults.nix", ...own].map((name) => [join(directory, name), text(name)])),
    );
    machines.set(
      machine.name,
      digest(machine.name, machine.system, shared, ...own.map(text), ...modules, read),
    );
  }
  return { machines, network: digest(shared, text("default.nix"), ...machines.values()) };
}

/** A line added to the program moves the declarations below it, which the comments on top name. */
function withoutHeader(text: string): string {
  return text.replace(/^(#.*\n)*/, "");
}
