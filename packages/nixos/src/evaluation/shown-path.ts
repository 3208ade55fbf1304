import type { Path } from "@firn/nix";

/**
 * Reads an option path as NixOS shows it: names, quoted where they have to be, and elements of lists. Of several
 * definitions nobody knows which element it is: then the path ends at the list.
 *
 * @returns undefined for what is none
 */
export function parseShownPath(text: string): Path | undefined {
  const parts: (string | number)[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)"|(\[definition \d+-entry \d+\])|<([^>]*)>|([^."]+)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const name = match[1]?.replace(/\\(.)/g, "$1") ?? match[2] ?? match[3] ?? match[4] ?? "";
    const element = /^\[definition (\d+)-entry (\d+)\]$/.exec(name);
    if (element && element[1] !== "1") return parts;
    parts.push(element ? Number(element[2]) - 1 : name);
    if (pattern.lastIndex < text.length && text[pattern.lastIndex] !== ".") return undefined;
    pattern.lastIndex += 1;
  }
  return parts;
}
