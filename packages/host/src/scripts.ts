import { readFileSync } from "node:fs";

/** Text of a shell script of this package; scripts take their arguments by position and are never put together. */
export function readScript(
  name: "activation.sh" | "doas.sh" | "host-key.sh" | "keys.sh" | "missing.sh" | "root.sh" | "state.sh",
): string {
  return readFileSync(new URL(`../scripts/${name}`, import.meta.url), "utf8");
}

/** The values of lines `firn:key=value` in a script's output; other lines do not count. */
export function readValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^firn:([A-Za-z]+)=(.*)$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], match[2] ?? "");
  }
  return values;
}
