import { type Doc, hardline, indent } from "./doc.js";
import { escapeQuoted } from "./quote-string.js";

/** A piece of a string: text, or a printed expression to interpolate. */
export type Segment = string | { readonly interpolated: Doc };

/**
 * A Nix string of text and interpolations. Several lines become an indented `''` block where Nix reads exactly the same
 * text from it.
 */
export function printString(segments: readonly Segment[]): Doc {
  const merged = mergeTexts(segments);
  return canBeBlock(merged) ? printBlock(merged) : printQuoted(merged);
}

function mergeTexts(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (typeof segment === "string" && typeof last === "string") merged[merged.length - 1] = last + segment;
    else merged.push(segment);
  }
  return merged;
}

/** The interpolation of a printed expression. */
export function interpolation(doc: Doc): Doc {
  return ["${", doc, "}"];
}

function printQuoted(segments: readonly Segment[]): Doc {
  const docs = segments.map((segment, index) =>
    typeof segment === "string"
      ? escapeQuoted(segment, index + 1 < segments.length)
      : interpolation(segment.interpolated),
  );
  return ['"', docs, '"'];
}

/**
 * Nix strips from a block the indentation that all lines share, so one line must have none of its own, and it drops a
 * last line of spaces. Carriage returns are left to `"…"`, where they can be seen.
 */
function canBeBlock(segments: readonly Segment[]): boolean {
  const text = segments.map((segment) => (typeof segment === "string" ? segment : "x")).join("");
  if (!/\n[\s\S]/.test(text) || text.includes("\r")) return false;
  const lines = text.split("\n");
  return lines.some((each) => /^[^ ]/.test(each)) && !/^ +$/.test(lines.at(-1) as string);
}

function printBlock(segments: readonly Segment[]): Doc {
  const content = segments.flatMap((segment, index): Doc[] => {
    if (typeof segment !== "string") return [interpolation(segment.interpolated)];
    const escaped = escapeIndented(segment, index + 1 < segments.length);
    return escaped.split("\n").flatMap((each, number) => (number === 0 ? [each] : [hardline, each]));
  });
  const last = segments.at(-1);
  if (typeof last !== "string" || !last.endsWith("\n")) return ["''", indent([hardline, content]), "''"];
  // The closing quotes stand on the text's last, empty line, one step to the left.
  return ["''", indent([hardline, content.slice(0, -2)]), hardline, "''"];
}

/** The inside of a `''` string; see Nix' lexer for what a lone `'` or `$` does there. */
function escapeIndented(text: string, beforeHole: boolean): string {
  const pattern = beforeHole ? /''|'(?=\$(?:\{|$))|\$(?=\{|$)/g : /''|'(?=\$\{|$)|\$(?=\{)/g;
  return text.replace(pattern, (found) => (found === "''" ? "'''" : found === "'" ? "''\\'" : "''$"));
}
