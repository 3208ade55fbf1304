import { NixCommandError, NixMemoryError } from "./errors.js";
import { heapWithin } from "./memory.js";
import { runNix } from "./run.js";
import { evaluationSettings } from "./settings.js";

export interface EvaluateOptions {
  /** Files and directories that the evaluation may read, besides the Nix store. */
  readonly allow: readonly string[];
  /** Addresses that may be fetched by their hashes, besides. */
  readonly allowUris?: readonly string[];
  /** Called for every `builtins.trace` and warning line. */
  readonly onLine?: (line: string) => void;
  readonly showTrace?: boolean;
  /** The evaluation is ended when it holds more memory than this, in MB. */
  readonly maxMemoryMb?: number | undefined;
  /** How much memory it takes if nothing is collected, in MB, as far as anybody can tell. */
  readonly allocatedMemoryMb?: number;
}

/** What the collector says last when the heap may not grow further; Nix then ends, newer ones with a crash. */
const OUT_OF_HEAP = /^GC Warning: Out of Memory! Heap size/m;

/**
 * Evaluates a Nix expression to a JSON value and writes the derivations that it mentions to the store.
 *
 * Restricted mode: reading outside `allow`, the environment and the network fail. (Nix' pure mode would also
 * refuse the project's own files, which are not in the store.)
 *
 * @throws {@link NixCommandError} with Nix' whole standard error when the evaluation fails, {@link NixMemoryError}
 * when it was ended.
 */
export async function evaluateJson(expression: string, options: EvaluateOptions): Promise<unknown> {
  const args = ["--eval", "--strict", "--json", "--read-write-mode", "--option", "restrict-eval", "true"];
  // NIX_PATH entries would be readable in restricted mode; only what is allowed here shall be.
  args.push("--option", "nix-path", "");
  for (const [index, path] of options.allow.entries()) args.push("-I", `firn-allowed-${index}=${path}`);
  args.push("--option", "allowed-uris", (options.allowUris ?? []).join(" "));
  args.push("--option", "experimental-features", (await evaluationSettings()).features);
  if (options.showTrace) args.push("--show-trace");
  const result = await runNix("nix-instantiate", [...args, "--expr", expression], {
    onLine: options.onLine,
    maxMemoryMb: options.maxMemoryMb,
    env: heapWithin(options.maxMemoryMb, options.allocatedMemoryMb),
    features: false,
  });
  if (result.exitCode !== 0 && options.maxMemoryMb !== undefined && OUT_OF_HEAP.test(result.stderr))
    throw new NixMemoryError(`the evaluation takes more than ${options.maxMemoryMb} MB of memory`);
  if (result.exitCode !== 0)
    throw new NixCommandError("Nix could not evaluate the expression", result.stderr);
  return JSON.parse(result.stdout);
}
