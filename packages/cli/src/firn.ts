import { facts } from "./command/facts.js";
import { importCommand } from "./command/import.js";
import { keys } from "./command/keys.js";
import { logs } from "./command/logs.js";
import { qr } from "./command/qr.js";
import { types } from "./command/types.js";
import { type Command, type Terminal, UsageError } from "./command.js";

const COMMANDS: Readonly<Record<string, Command>> = { types, import: importCommand, facts, keys, logs, qr };

/**
 * The `firn` command.
 *
 * @param args without `node` and the script
 * @returns the exit code: 0, 1 for a failure, 2 for wrong arguments
 */
export async function firn(args: readonly string[], terminal: Terminal): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === "--help" || verb === "-h" || verb === "help") {
    terminal.out(usage());
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
  if (!command) {
    terminal.error(`firn: there is no command "${verb}".\n\n${usage()}`);
    return 2;
  }
  try {
    await command.run(rest, terminal);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const wrong =
      error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    terminal.error(`firn ${verb}: ${message}${wrong ? `\n\nusage: firn ${verb} ${command.usage}` : ""}`);
    return wrong ? 2 : 1;
  }
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(
    ([verb, command]) => `  firn ${verb} ${command.usage}\n      ${command.summary}`,
  );
  return `usage: firn COMMAND\n\n${lines.join("\n")}`;
}
