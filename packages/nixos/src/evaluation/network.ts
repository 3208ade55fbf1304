import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { fetchPin, nixVersion, type Pin } from "@firn/nix";
import { FirnError } from "../errors.js";
import { digest, EvaluationCache } from "./cache.js";
import type { EvaluationFailure } from "./explain.js";
import { readIfThere, writeFiles } from "./files.js";
import { type Evaluated, evaluateNodes, NIX_FILES } from "./nodes.js";
import { fingerprintProject, fingerprintTree } from "./project.js";
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
  const project = lazy(() => fingerprintProject(root));
  const whole = digest(shared, ...[...files.entries()].flat(), readsProject(files, request) ? project() : "");
  const keys = new Map(
    machines.map((machine) => [machine.name, machineKey(machine, files, request, shared, project)]),
  );

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
  request: NetworkEvaluationRequest,
  shared: string,
  project: () => string,
): string {
  const own = ownFiles(machine.name).map((name) => files.get(name) ?? "");
  const modules = [...request.defaultModules, ...machine.modules];
  const reads = modules.length > 0 || [...own, files.get("defaults.nix") ?? ""].some(mentionsPath);
  return digest(machine.name, machine.system, shared, ...own, ...modules, reads ? project() : "");
}

function ownFiles(name: string): string[] {
  return [`${name}.nix`, `${name}.host.nix`, `${name}.physical.nix`];
}

function readsProject(files: ReadonlyMap<string, string>, request: NetworkEvaluationRequest): boolean {
  if ([...request.defaultModules, ...request.machines.flatMap((machine) => machine.modules)].length > 0)
    return true;
  return [...files].some(([name, text]) => name !== "default.nix" && mentionsPath(text));
}

/** Whether a rendered file holds anything that may be a path; a string that looks like one costs a reading, no more. */
function mentionsPath(text: string): boolean {
  return /\.\/|\/\.|\.\.|<[a-zA-Z]|import|readFile|builtins/.test(text);
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

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
