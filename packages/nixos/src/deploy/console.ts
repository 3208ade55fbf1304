import { InstallError, UnreachableError } from "@firn/host";
import type { ConsoleInputs, SystemInputs } from "../system.js";
import { targetModule } from "./target-module.js";

/** What a target's module has that can tell what a machine last said on its console. */
export interface ConsoleModule {
  /** The last lines, oldest first; none where they cannot be had. */
  lastOfConsole(args: unknown): Promise<readonly string[]>;
}

/**
 * An error with what the machine last said on its console, where it does not answer and its target can tell: why a boot
 * failed, nobody else knows.
 */
export async function withConsole(
  error: unknown,
  { console }: Pick<SystemInputs, "console">,
): Promise<unknown> {
  if (console === undefined || !(error instanceof Error) || !isAboutBoot(error)) return error;
  const lines = await ask(console).catch((failure: Error) => [`(it cannot be read: ${failure.message})`]);
  if (lines.length === 0) return error;
  const shown = lines.map((line) => `    ${line}`).join("\n");
  return new Error(`${error.message}\n  The last lines of its console:\n${shown}`, { cause: error });
}

async function ask({ module, args }: ConsoleInputs): Promise<readonly string[]> {
  return targetModule<ConsoleModule>(module).lastOfConsole(args);
}

function isAboutBoot(error: Error): boolean {
  if (error instanceof UnreachableError || error instanceof InstallError) return true;
  return error.cause instanceof Error && isAboutBoot(error.cause);
}
