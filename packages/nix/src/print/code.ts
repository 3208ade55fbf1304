import { codeTokens } from "../code-tokens.js";
import type { Node } from "../expression.js";
import { freeNames } from "../free-names.js";
import { rebaseTokens } from "../path-literals.js";
import type { Token } from "../tokens.js";
import { printHole } from "./code-hole.js";
import { codeLevel, codeMargin, hugsCode } from "./code-shape.js";
import { type Doc, hardline, indent, verbatim } from "./doc.js";
import { type Place, within } from "./place.js";
import type { Printed } from "./printed.js";
import { printAny } from "./value.js";

/** Prints what nix`…` made: its own text, with paths and holes put in and, where that changes nothing, indented anew. */
export function printCode(node: Node & { kind: "code" }, place: Place): Printed {
  const tokens = trimmed(codeTokens(node.texts));
  if (tokens.length === 1 && tokens[0]?.kind === "hole") return printAny(node.holes[0], place);
  for (const name of freeNames(tokens, place.run.extraArguments)) place.run.globals.add(name);

  const rebased = rebaseTokens(tokens, place.run.pathPrefix);
  const margin = codeMargin(tokens);
  const lines: Doc[][] = [[]];
  let nextHole = 0;
  rebased.forEach((token, index) => {
    if (token.kind === "hole") {
      lines.at(-1)?.push(printHole(node.holes[nextHole++], tokens, index, within(place)));
      return;
    }
    const text = tokens[index + 1]?.kind === "hole" ? escapeLastDollar(token) : token.text;
    if (margin === undefined) lines.at(-1)?.push(verbatim(text));
    else addLines(lines, token.kind === "space" ? text.replace(/[^\n]+(?=\n)/g, "") : text);
  });
  const doc = layOut(lines, margin ?? 0);
  return {
    doc: endsInComment(tokens) ? [doc, hardline] : doc,
    level: codeLevel(tokens),
    hugs: hugsCode(tokens),
  };
}

function trimmed(tokens: readonly Token[]): Token[] {
  const first = tokens.findIndex((token) => token.kind !== "space");
  const last = tokens.findLastIndex((token) => token.kind !== "space");
  return tokens.slice(first, last + 1);
}

/** `$${` would not be an interpolation. */
function escapeLastDollar(token: Token): string {
  if (token.kind !== "text" || !token.text.endsWith("$")) return token.text;
  return `${token.text.slice(0, -1)}${token.context === "quoted" ? "\\$" : "''$"}`;
}

function addLines(lines: Doc[][], text: string): void {
  const [first = "", ...others] = text.split("\n");
  lines.at(-1)?.push(first);
  for (const other of others) lines.push([other]);
}

/** Lines, each with its own indentation less the margin; what a hole breaks into is indented with its line. */
function layOut(lines: readonly Doc[][], margin: number): Doc {
  return lines.map((line, index) => {
    if (index === 0) return line;
    const [first = "", ...rest] = line;
    const text = typeof first === "string" ? first : "";
    const spaces = /^ */.exec(text)?.[0].length ?? 0;
    const own = Math.max(0, spaces - margin);
    return [hardline, " ".repeat(own), indent([text.slice(spaces), ...rest], own)];
  });
}

function endsInComment(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1);
  return last?.context === "comment" && !last.text.endsWith("*/");
}
