import { readFile } from "node:fs/promises";
import { consoleOf } from "./hardware.js";
import { folderOf, infoOf } from "./manage/info.js";

const LINES = 20;

/** What the System of a machine asks where the machine does not answer. */
export interface ConsoleArgs {
  /** UUID of the machine. */
  readonly machine: string;
}

/** The last lines that a machine said on its serial console, oldest first. */
export async function lastOfConsole({ machine }: ConsoleArgs): Promise<string[]> {
  const info = await infoOf(machine);
  if (!info) return [];
  const text = await readFile(consoleOf(folderOf(info)), "utf8").catch(() => "");
  // Colours and movements of the cursor are nothing for a message.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are made of
  const plain = text.slice(-64_000).replace(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])|\r/g, "");
  return plain
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-LINES);
}
