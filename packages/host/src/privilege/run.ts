import type { RunOptions } from "../host.js";
import type { ProcessResult } from "../process.js";
import type { Privilege } from "../ssh/target.js";
import { elevate, passwordLine } from "./elevate.js";

/** Runs a command line with the given options; ssh's or a shell's. */
export type RunLine = (commandLine: string, options: RunOptions) => Promise<ProcessResult>;

/**
 * Runs a command as root.
 *
 * @returns its result, where `begun` tells whether it was started at all; if not, standard error is what sudo or doas
 * said.
 */
export async function runAsRoot(
  run: RunLine,
  argv: readonly string[],
  privilege: Privilege,
  options: RunOptions,
): Promise<ProcessResult & { readonly begun: boolean }> {
  const { commandLine, input, mark } = elevate(argv, privilege, options.input);
  let begun = false;
  const onLine: RunOptions["onLine"] = (line, stream) => {
    // A prompt, which ends no line, may stand before it.
    if (!begun && stream === "stderr" && line.endsWith(mark)) begun = true;
    else if (begun || stream === "stdout") options.onLine?.(line, stream);
  };
  const result = await run(commandLine, { ...options, input, onLine });
  const own = result.stderr.indexOf(`${mark}\n`);
  return { ...result, begun, stderr: own < 0 ? result.stderr : result.stderr.slice(own + mark.length + 1) };
}

/**
 * Tries a password once: one that sudo refuses would otherwise be followed by what the command reads, as the next
 * attempts.
 */
export async function tryPassword(
  run: RunLine,
  privilege: Privilege,
): Promise<{ begun: boolean; stderr: string }> {
  const { commandLine, mark } = elevate(["true"], privilege);
  const result = await run(commandLine, { input: passwordLine(privilege.password ?? "") });
  return { begun: result.stderr.includes(mark), stderr: result.stderr };
}
