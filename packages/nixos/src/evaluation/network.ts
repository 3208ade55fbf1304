import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  evaluationSettings,
  nixVersion,
  PIN_FILES,
  type Pin,
  type PinInUse,
  pinnedAddresses,
  usePin,
} from "@firn/nix";
import { FirnError } from "../errors.js";
import { EvaluationCache } from "./cache.js";
import type { EvaluationFailure } from "./explain.js";
import { readIfThere, stampOf, writeFiles } from "./files.js";
import { type Fingerprints, fingerprintNetwork } from "./fingerprint.js";
import type { EvaluationMemory } from "./groups.js";
import { type Evaluated, evaluateNodes, type NodesResult } from "./nodes.js";
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
  /**
   * Takes the fingerprints again: what was evaluated meanwhile may be kept where they are the same. Undefined when another
   * run has written its own files over the rendered ones.
   */
  again(): Promise<Fingerprints | undefined>;
  /** Writes the rendered files again. */
  write(): void;
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
  const [version, settings, pins] = await Promise.all([
    nixVersion(),
    evaluationSettings(),
    usePins(request.pins),
  ]);
  const nix = JSON.stringify([version, settings]);
  const toRoot = relative(directory, root);
  const sources = new ProjectSources(root, toRoot);
  const files = renderNetwork({ ...request, pins, toRoot }, sources);
  let stamp = "";
  const write = () => {
    writeFiles(directory, files);
    stamp = stampOf(directory, files.keys());
  };
  const isWhole = () =>
    stampOf(directory, files.keys()) === stamp &&
    [...files].every(([name, text]) => readIfThere(join(directory, name)) === text);
  const fingerprint = (used: ReadonlyMap<string, PinInUse>) =>
    fingerprintNetwork(request, { directory, files, nix, pins: used, sources: sources.all() });
  write();
  return {
    ...fingerprint(pins),
    again: async () => (isWhole() ? fingerprint(await usePins(request.pins)) : undefined),
    write,
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

  const [result, after] = await evaluateSteadily(prepared, names, request);
  for (const [name, value] of result.evaluated) {
    evaluated.set(name, value);
    const key = keys.get(name) ?? "";
    const uses = result.usedNodes.has(name) ? { network } : {};
    // Somebody may have changed a module while it was evaluated: then nobody knows which of the two it was.
    const isSteady = after.machines.get(name) === key && (!("network" in uses) || after.network === network);
    if (isSteady) cache.put(key, { evaluated: value, ...uses });
  }
  cache.prune();
  return { evaluated, failures: result.failures, warnings: [...pinWarnings, ...result.warnings], prepared };
}

/** How often a network is evaluated again because another run has written over its files. */
const ATTEMPTS = 5;
const PAUSE_MS = 500;

async function evaluateSteadily(
  prepared: PreparedNetwork,
  names: readonly string[],
  request: NetworkEvaluationRequest,
): Promise<[NodesResult, Fingerprints]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const result = await evaluateNodes({ ...prepared, names, ...request.memory });
    const after = await prepared.again();
    if (after) return [result, after];
    // Two that would write in turn get out of step.
    await setTimeout(Math.random() * PAUSE_MS * attempt);
    prepared.write();
  }
  throw new FirnError(
    `Another run of the stack "${request.stack}" changes the rendered files of network "${request.name}" in ${prepared.directory} all the time. Wait until it has ended.`,
  );
}

async function usePins(pins: ReadonlyMap<string, Pin>): Promise<ReadonlyMap<string, PinInUse>> {
  return new Map(await Promise.all([...pins].map(async ([name, pin]) => [name, await usePin(pin)] as const)));
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
