import { stripVTControlCharacters } from "node:util";

/** The last lines of what a machine wrote to its serial console, without colours and cursor movements. */
export function linesOfConsole(text: string, count = 20): string[] {
  return (
    stripVTControlCharacters(text)
      .split(/\r*\n/)
      // What a carriage return overwrote is not what people saw.
      .map((line) => line.slice(line.lastIndexOf("\r") + 1).trimEnd())
      .filter((line) => line !== "")
      .slice(-count)
  );
}

/** The same as one text, indented as errors show it; empty where the machine wrote nothing. */
export function tailOfConsole(text: string, count = 20): string {
  return linesOfConsole(text, count)
    .map((line) => `    ${line}`)
    .join("\n");
}
