import { isExpression, nodeOf } from "../expression.js";
import type { Token } from "../tokens.js";
import { printAttributeName } from "./attribute-name.js";
import type { Doc } from "./doc.js";
import type { Place } from "./place.js";
import { atLevel, parenthesised, SELECTION } from "./printed.js";
import { escapeQuoted, quoteString } from "./quote-string.js";
import { interpolation } from "./string.js";
import { holeSegments } from "./string-node.js";
import { printAny } from "./value.js";

/** Prints the value of the hole at `index` so that it is one value there: operand, attribute name or part of a string. */
export function printHole(hole: unknown, tokens: readonly Token[], index: number, place: Place): Doc {
  switch (tokens[index]?.context) {
    case "comment":
      return "…";
    case "path":
      return interpolation(printAny(hole, place).doc);
    case "quoted":
      return stringHole(hole, place, (text) => escapeQuoted(text, true));
    case "indented":
      // Text that could count as indentation, or as a quote, stays apart.
      return stringHole(hole, place, (text) =>
        /^[^\s'$][^'$\n\r]*$/.test(text) ? text : interpolation(quoteString(text)),
      );
    default:
      return isAttributePosition(tokens, index)
        ? attributeHole(hole, place)
        : operandHole(hole, tokens, index, place);
  }
}

function stringHole(hole: unknown, place: Place, printText: (text: string) => Doc): Doc {
  const segments = holeSegments(hole, place);
  if (segments.length === 0 || segments.every((segment) => segment === "")) return printText("");
  return segments.map((segment) => {
    if (typeof segment !== "string") return interpolation(segment.interpolated);
    return segment === "" ? "" : printText(segment);
  });
}

function attributeHole(hole: unknown, place: Place): Doc {
  const { doc } = printAny(hole, place);
  return typeof hole === "string" ? printAttributeName(hole) : interpolation(doc);
}

/** Whether a hole names an attribute: after `.` or `?`, or before the `=` of a binding. */
function isAttributePosition(tokens: readonly Token[], index: number): boolean {
  const before = tokens
    .slice(0, index)
    .filter((token) => token.kind !== "space" && token.context !== "comment");
  const [third, second, first] = [before.at(-3), before.at(-2), before.at(-1)];
  if (first?.text === ".") return true;
  if (first?.text === "?")
    return !(second?.kind === "identifier" && (third?.text === "{" || third?.text === ","));
  const after = tokens
    .slice(index + 1)
    .filter((token) => token.kind !== "space" && token.context !== "comment");
  return isBindingRest(after);
}

/** Whether tokens go on with `.name` any number of times and then `=`. */
function isBindingRest(tokens: readonly Token[]): boolean {
  let position = 0;
  while (tokens[position]?.text === ".") {
    position++;
    const quoted = tokens[position]?.kind === "quote";
    do position++;
    while (quoted && position < tokens.length && tokens[position - 1]?.kind !== "quote");
  }
  return tokens[position]?.text === "=";
}

/** Glued to its neighbours, a bare word would become part of them. */
function operandHole(hole: unknown, tokens: readonly Token[], index: number, place: Place): Doc {
  const printed = printAny(hole, place);
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  const glued = (before && !separates(before, "([{,;=!")) || (after && !separates(after, ")]},;."));
  const swallowsDot = after?.text === "." && !(isExpression(hole) && SELECTABLE.has(nodeOf(hole).kind));
  return glued || swallowsDot ? parenthesised(printed) : atLevel(printed, SELECTION);
}

/** Kinds that end in a name or a bracket; behind a number or a path, a dot would be a part of it. */
const SELECTABLE: ReadonlySet<string> = new Set(["global", "bound", "select"]);

function separates(token: Token, punctuation: string): boolean {
  return (
    token.kind === "space" ||
    (token.kind === "punctuation" && token.text.length === 1 && punctuation.includes(token.text))
  );
}
