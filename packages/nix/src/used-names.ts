import { mapChildren } from "./children.js";
import { codeTokens } from "./code-tokens.js";
import { isExpression, nodeOf } from "./expression.js";
import { DEEPEST } from "./guard.js";

/** Every identifier in Nix text, and every name of a pattern, inside a value: names that a new variable must not take. */
export function usedNames(value: unknown): Set<string> {
  const names = new Set<string>();
  collect(value, names, 0);
  return names;
}

function collect(value: unknown, names: Set<string>, depth: number): void {
  if (depth > DEEPEST) return; // printing it will say so
  if (isExpression(value)) {
    const node = nodeOf(value);
    if (node.kind === "code")
      for (const token of codeTokens(node.texts)) if (token.kind === "identifier") names.add(token.text);
    if (node.kind === "lambda" && node.parameter.kind === "pattern")
      for (const name of node.parameter.names) names.add(name.binder.hint);
    mapChildren(node, (child) => collect(child, names, depth + 1));
  } else if (Array.isArray(value)) {
    for (const element of value) collect(element, names, depth + 1);
  } else if (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  ) {
    for (const element of Object.values(value)) collect(element, names, depth + 1);
  }
}
