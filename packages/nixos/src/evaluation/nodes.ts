import { fileURLToPath } from "node:url";
import { evaluateJson, lastError, NixCommandError, NixMemoryError, type PinInUse } from "@firn/nix";
import { Gate } from "../limits.js";
import type { Manifest } from "../system.js";
import { type EvaluationFailure, explainEvaluation } from "./explain.js";
import { allocatedMb, type EvaluationMemory, planGroups } from "./groups.js";

/** Result of one machine's evaluation. */
export interface Evaluated {
  readonly drvPath: string;
  readonly toplevel: string;
  readonly manifest: Manifest;
}

export interface NodesRequest extends EvaluationMemory {
  /** Directory with the network's rendered files. */
  readonly directory: string;
  /** Directories that may be read, with the network's own. */
  readonly allow: readonly string[];
  /** Addresses that may be fetched. */
  readonly allowUris: readonly string[];
  /** By name, as the rendered files use them. */
  readonly pins: ReadonlyMap<string, PinInUse>;
  readonly names: readonly string[];
  /** Which of the two sets of placeholders stand for what is not known yet; default 1. */
  readonly world?: 1 | 2;
}

export interface NodesResult {
  readonly evaluated: ReadonlyMap<string, Evaluated>;
  /** Machines that looked at other machines' configurations. */
  readonly usedNodes: ReadonlySet<string>;
  readonly failures: ReadonlyMap<string, EvaluationFailure>;
  /** `warnings` of the configurations, as NixOS prints them. */
  readonly warnings: readonly string[];
}

/** Directory of Firn's own Nix files. */
export const NIX_FILES = fileURLToPath(new URL("../../nix", import.meta.url));

/**
 * Evaluates machines, as few processes as time and memory allow: one for a few machines, one per core for many. A
 * group that would take more memory than its share is ended and evaluated in halves; a machine that would take more
 * alone is evaluated after all others, with all the memory that there is.
 */
export async function evaluateNodes(request: NodesRequest): Promise<NodesResult> {
  const plan = planGroups(request.names, request.memoryMb);
  const gate = new Gate(plan.processes);
  const big: string[] = [];
  const evaluate = async (names: readonly string[]): Promise<NodesResult[]> => {
    try {
      return [await gate.run(() => evaluateGroup({ ...request, names }, plan.memoryMb))];
    } catch (error) {
      if (!(error instanceof NixMemoryError)) throw error;
      const half = Math.ceil(names.length / 2);
      if (names.length > 1)
        return [...(await evaluate(names.slice(0, half))), ...(await evaluate(names.slice(half)))];
      big.push(...names);
      return [];
    }
  };
  const results = (await Promise.all(plan.groups.map(evaluate))).flat();
  for (const name of big) results.push(await evaluateAlone(request, name));
  return {
    evaluated: new Map(results.flatMap((result) => [...result.evaluated])),
    usedNodes: new Set(results.flatMap((result) => [...result.usedNodes])),
    failures: new Map(results.flatMap((result) => [...result.failures])),
    warnings: [...new Set(results.flatMap((result) => result.warnings))],
  };
}

async function evaluateAlone(request: NodesRequest, machine: string): Promise<NodesResult> {
  try {
    return await evaluateGroup({ ...request, names: [machine] }, request.aloneMb);
  } catch (error) {
    if (!(error instanceof NixMemoryError)) throw error;
    const failure = {
      machine,
      places: [],
      reason: `its evaluation takes more than ${request.aloneMb} MB of memory`,
      hint: "Give evaluation more with `pulumi config set firn:evalMemory MB`, or find what is so big in the configuration.",
    };
    return {
      evaluated: new Map(),
      usedNodes: new Set(),
      failures: new Map([[machine, failure]]),
      warnings: [],
    };
  }
}

/**
 * Evaluates machines in one Nix process. Where some fail, it runs again without each of them in turn, so that
 * every machine's error is told in one go and the others' results are not lost.
 */
async function evaluateGroup(request: NodesRequest, maxMemoryMb: number): Promise<NodesResult> {
  const failures = new Map<string, EvaluationFailure>();
  const usedNodes = new Set<string>();
  const warnings = new Set<string>();
  let names = [...request.names];
  while (names.length > 0) {
    try {
      const result = await evaluateJson(expression(request, names), {
        allow: [request.directory, NIX_FILES, ...request.allow],
        allowUris: request.allowUris,
        maxMemoryMb,
        allocatedMemoryMb: allocatedMb(names.length),
        showTrace: true, // tells which machine failed
        onLine(line) {
          const used = /^trace: firn: nodes used by (.*)$/.exec(line);
          if (used?.[1]) usedNodes.add(used[1]);
          const warning = /^trace: (?:evaluation )?warning: (.*)$|^evaluation warning: (.*)$/.exec(
            plain(line),
          );
          if (warning) warnings.add(warning[1] ?? warning[2] ?? "");
        },
      });
      const evaluated = new Map(Object.entries(result as Record<string, Evaluated>));
      return { evaluated, usedNodes, failures, warnings: [...warnings] };
    } catch (error) {
      if (!(error instanceof NixCommandError) || error.stderr === "") throw error;
      const failed = explainEvaluation(error.stderr, names);
      if (!failed)
        throw new NixCommandError(`the network could not be evaluated: ${lastError(error.stderr)}`);
      failures.set(failed.machine, failed);
      names = names.filter((name) => name !== failed.machine);
    }
  }
  return { evaluated: new Map(), usedNodes, failures, warnings: [...warnings] };
}

/** nixpkgs colours its warnings. */
function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with ESC
  return line.replace(/\u001b\[[0-9;]*m/g, "");
}

function expression(request: NodesRequest, names: readonly string[]): string {
  return `
    import (/. + ${nixString(`${NIX_FILES}/manifest.nix`)}) {
      nodes = ${loadExpression(request)};
      names = [ ${names.map(nixString).join(" ")} ];
    }`;
}

/** The nodes of a rendered network, which tell by traces what they look at. */
export function loadExpression(request: Pick<NodesRequest, "directory" | "pins" | "world">): string {
  const pins = [...request.pins].map(([name, pin]) => `${name} = ${pin.local};`);
  return `import (/. + ${nixString(request.directory)}) {
    pins = { ${pins.join(" ")} };
    unknown = options: import (/. + ${nixString(`${NIX_FILES}/unknown.nix`)}) { inherit options; world = ${request.world ?? 1}; };
    onNodes = name: nodes: builtins.trace "firn: nodes used by \${name}" nodes;
  }`;
}

/** Text as a Nix string literal. */
export function nixString(text: string): string {
  return JSON.stringify(text).replaceAll("${", "\\${");
}
