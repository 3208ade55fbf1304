import { isExpression, type Node, nodeOf } from "./expression.js";
import { printAttributeName } from "./print/attribute-name.js";

/** An expression as a person would name it in a sentence: `pkgs.hello`, ``lib.mkIf(…)``, ``nix`a + b` ``. */
export function showExpression(node: Node): string {
  switch (node.kind) {
    case "global":
      return node.name;
    case "bound":
      return node.binder.hint;
    case "select":
      return `${showChild(node.base)}.${printAttributeName(node.attribute)}`;
    case "apply":
      return `${showChild(node.fn)}(…)`;
    case "code":
      return `nix\`${showTexts(node.texts)}\``;
    case "string":
      return `str\`${showTexts(node.texts)}\``;
    case "path":
      return `path(${JSON.stringify(node.path)})`;
    case "lambda":
      return "fn(…)";
    case "let":
      return "letIn(…)";
    case "operator":
      return `(… ${node.operator} …)`;
    case "if":
      return "op.ifElse(…)";
  }
}

function showChild(child: unknown): string {
  return isExpression(child) ? showExpression(nodeOf(child)) : "(…)";
}

const LONGEST = 60;

function showTexts(texts: readonly string[]): string {
  const text = texts.join("…").trim().replace(/\s+/g, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
