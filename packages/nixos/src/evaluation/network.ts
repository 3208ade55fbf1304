import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { nixVersion, PIN_FILES, type Pin, type PinInUse, pinnedAddresses, usePin } from "@firn/nix";
import { FirnError } from "../errors.js";
import { EvaluationCache } from "./cache.js";
import type { EvaluationFailure } from "./explain.js";
import { writeFiles } from "./files.js";
import { type Fingerprints, fingerprintNetwork } from "./fingerprint.js";
import type { EvaluationMemory } from "./groups.js";
import { type Evaluated, evaluateNodes } from "./nodes.js";
import { type RenderedMachine, type RenderedModule, renderNetwork } from "./render.js";
import { ProjectSources } from "./sources.js";

export interface NetworkEvaluationRequest {
  readonly name: string;
  readonly stack: string;
  /** Directory of Pulumi.yaml. */
  readonly root: string;
  /** By name; `nixpkgs` is the network's. */
  readonly pins: ReadonlyMap<string, Pin>;
  readonly defaults: unknown;
  readonly defaultModules: readonly RenderedModule[];
  readonly machines: readonly RenderedMachine[];
  readonly memory: EvaluationMemory;
}

export interface NetworkEvaluation {
  readonly evaluated: ReadonlyMap<string, Evaluated>;
  readonly failures: ReadonlyMap<string, EvaluationFailure>;
  readonly warnings: readonly string[];
  /** What was evaluated. */
  readonly prepared: PreparedNetwork;
}

/** A module that a machine names is not a file. */
export class ModuleMissingError extends FirnError {}

/** Where the rendered files of a network lie. */
export function renderedDirectory(root: string, stack: string, network: string): string {
  return join(root, ".firn", stack, network);
}

/** A network rendered to files, with everything that its evaluation needs and depends on. */
export interface PreparedNetwork extends Fingerprints {
  readonly directory: string;
  readonly allow: readonly string[];
  /** Addresses that may be fetched: those that the project pins. */
  readonly allowUris: readonly string[];
  readonly pins: ReadonlyMap<string, PinInUse>;
  readonly cache: EvaluationCache;
}

/**
 * Renders a network into `directory` and takes its fingerprints.
 *
 * @throws {@link ModuleMissingError}
 */
export async function prepareNetwork(
  request: NetworkEvaluationRequest,
  directory: string,
): Promise<PreparedNetwork> {
  const { root } = request;
  checkModules(request);
  const [version, ...used] = await Promise.all([
    nixVersion(),
    ...[...request.pins].map(async ([name, pin]) => [name, await usePin(pin)] as const),
  ]);
  const pins = new Map(used);
  const toRoot = relative(directory, root);
  const sources = new ProjectSources(root, toRoot);
  const files = renderNetwork({ ...request, pins, toRoot }, sources);
  writeFiles(directory, files);
  return {
    ...fingerprintNetwork(request, { directory, files, version, pins, sources: sources.all() }),
    directory,
    allow: [root, ...[...pins.values()].flatMap((pin) => pin.allow)],
    allowUris: addresses(request),
    pins,
    cache: new EvaluationCache(join(root, ".firn", "cache", "evaluations")),
  };
}

/** Renders a network and evaluates those of its machines whose result is not in the cache. */
export async function evaluateNetwork(request: NetworkEvaluationRequest): Promise<NetworkEvaluation> {
  const directory = renderedDirectory(request.root, request.stack, request.name);
  const prepared = await prepareNetwork(request, directory);
  const { cache, machines: keys, network } = prepared;
  const evaluated = new Map<string, Evaluated>();
  for (const [name, key] of keys) {
    const hit = cache.get(key, network);
    if (hit) evaluated.set(name, hit);
  }
  const names = [...keys.keys()].filter((name) => !evaluated.has(name));
  const pinWarnings = [...prepared.pins.values()].flatMap((pin) => pin.warning ?? []);
  if (names.length === 0) return { evaluated, failures: new Map(), warnings: pinWarnings, prepared };

  const result = await evaluateNodes({ ...prepared, names, ...request.memory });
  for (const [name, value] of result.evaluated) {
    evaluated.set(name, value);
    cache.put(keys.get(name) ?? "", {
      evaluated: value,
      ...(result.usedNodes.has(name) ? { network } : {}),
    });
  }
  cache.prune();
  return { evaluated, failures: result.failures, warnings: [...pinWarnings, ...result.warnings], prepared };
}

/** What `import ./npins` and the like may fetch: all that the project's files of pins name by hash. */
function addresses(request: NetworkEvaluationRequest): string[] {
  const files = new Set(PIN_FILES.map((file) => join(request.root, file)).filter(existsSync));
  for (const pin of request.pins.values())
    if (pin.kind === "fetched" && pin.file !== undefined) files.add(pin.file);
  return [...files].flatMap(pinnedAddresses);
}

function checkModules(request: NetworkEvaluationRequest): void {
  const check = (module: RenderedModule, who: string) => {
    if ("path" in module && !existsSync(join(request.root, module.path)))
      throw new ModuleMissingError(
        `${who} names the module ${module.path}, but ${join(request.root, module.path)} is not there. Module paths start at the directory of Pulumi.yaml.`,
      );
  };
  for (const module of request.defaultModules) check(module, `network "${request.name}"`);
  for (const machine of request.machines)
    for (const module of machine.modules) check(module, `machine "${machine.name}" (${machine.declared})`);
}
