import { stripVTControlCharacters } from "node:util";

/**
 * The last lines of what a machine wrote to its serial console, for an error message: without colours and cursor
 * movements, indented; empty where it wrote nothing.
 */
export function tailOfConsole(text: string, count = 20): string {
  const lines = stripVTControlCharacters(text)
    .split(/\r*\n/)
    // What a carriage return overwrote is not what people saw.
    .map((line) => line.slice(line.lastIndexOf("\r") + 1).trimEnd())
    .filter((line) => line !== "")
    .slice(-count);
  return lines.map((line) => `    ${line}`).join("\n");
}
