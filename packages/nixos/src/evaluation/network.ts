import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fetchPin, nixVersion, type Pin } from "@firn/nix";
import { FirnError } from "../errors.js";
import { digest, EvaluationCache } from "./cache.js";
import type { EvaluationFailure } from "./explain.js";
import { readIfThere, writeFiles } from "./files.js";
import { type Evaluated, evaluateNodes, NIX_FILES } from "./nodes.js";
import { fingerprintTree } from "./project.js";
import { ProjectReads } from "./reads.js";
import { type RenderedMachine, renderNetwork } from "./render.js";

export interface NetworkEvaluationRequest {
  readonly name: string;
  readonly stack: string;
  /** Directory of Pulumi.yaml. */
  readonly root: string;
  readonly pin: Pin;
  readonly defaults: unknown;
  readonly defaultModules: readonly string[];
  readonly machines: readonly RenderedMachine[];
}

export interface NetworkEvaluation {
  readonly evaluated: ReadonlyMap<string, Evaluated>;
  readonly failures: ReadonlyMap<string, EvaluationFailure>;
  readonly warnings: readonly string[];
}

/** A module that a machine names is not a file. */
export class ModuleMissingError extends FirnError {}

/** Where the rendered files of a network lie. */
export function renderedDirectory(root: string, stack: string, network: string): string {
  return join(root, ".firn", stack, network);
}

/** Renders a network and evaluates those of its machines whose result is not in the cache. */
export async function evaluateNetwork(request: NetworkEvaluationRequest): Promise<NetworkEvaluation> {
  const { root, machines } = request;
  checkModules(request);
  const directory = renderedDirectory(root, request.stack, request.name);
  const files = renderNetwork({ ...request, toRoot: relative(directory, root) });
  writeFiles(directory, files);
  const [version, nixpkgs] = await Promise.all([nixVersion(), fetchPin(request.pin)]);

  const cache = new EvaluationCache(join(root, ".firn", "cache", "evaluations"));
  const shared = digest(version, fingerprintTree(nixpkgs), files.get("defaults.nix") ?? "", readFirnsOwn());
  const reads = new ProjectReads(root);
  const digests = new Map(
    machines.map((machine) => [machine.name, readsOf(machine, files, directory, request, reads)]),
  );
  const keys = new Map(
    machines.map((machine) => [
      machine.name,
      machineKey(machine, files, shared, digests.get(machine.name) ?? ""),
    ]),
  );
  // A machine that looks at `nodes` depends on all that any machine depends on.
  const whole = digest(shared, files.get("default.nix") ?? "", ...keys.values());

  const evaluated = new Map<string, Evaluated>();
  for (const [name, key] of keys) {
    const hit = cache.get(key, whole);
    if (hit) evaluated.set(name, hit);
  }
  const missing = machines.map((machine) => machine.name).filter((name) => !evaluated.has(name));
  if (missing.length === 0) return { evaluated, failures: new Map(), warnings: [] };

  const result = await evaluateNodes({
    directory,
    allow: [root, nixpkgs],
    pins: { nixpkgs },
    names: missing,
  });
  for (const [name, value] of result.evaluated) {
    evaluated.set(name, value);
    cache.put(keys.get(name) ?? "", {
      evaluated: value,
      ...(result.usedNodes.has(name) ? { network: whole } : {}),
    });
  }
  cache.prune();
  return { evaluated, failures: result.failures, warnings: result.warnings };
}

/** Everything that one machine's evaluation could read, but for other machines' configurations. */
function machineKey(
  machine: RenderedMachine,
  files: ReadonlyMap<string, string>,
  shared: string,
  reads: string,
): string {
  const own = ownFiles(machine.name).map((name) => files.get(name) ?? "");
  return digest(machine.name, machine.system, shared, ...own, ...machine.modules, reads);
}

function readsOf(
  machine: RenderedMachine,
  files: ReadonlyMap<string, string>,
  directory: string,
  request: NetworkEvaluationRequest,
  reads: ProjectReads,
): string {
  const modules = [...request.defaultModules, ...machine.modules].map((module) =>
    resolve(request.root, module),
  );
  const texts = new Map(
    ["defaults.nix", ...ownFiles(machine.name)].map((name) => [join(directory, name), files.get(name) ?? ""]),
  );
  return reads.digest(modules, texts);
}

function ownFiles(name: string): string[] {
  return [`${name}.nix`, `${name}.host.nix`, `${name}.physical.nix`];
}

function readFirnsOwn(): string {
  return ["manifest.nix", "unknown.nix"].map((name) => readIfThere(join(NIX_FILES, name)) ?? "").join("\n");
}

function checkModules(request: NetworkEvaluationRequest): void {
  const check = (module: string, who: string) => {
    if (!existsSync(join(request.root, module)))
      throw new ModuleMissingError(
        `${who} names the module ${module}, but ${join(request.root, module)} is not there. Module paths start at the directory of Pulumi.yaml.`,
      );
  };
  for (const module of request.defaultModules) check(module, `network "${request.name}"`);
  for (const machine of request.machines)
    for (const module of machine.modules) check(module, `machine "${machine.name}" (${machine.declared})`);
}
