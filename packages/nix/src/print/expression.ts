import { argumentRoles, type Role } from "../children.js";
import { type Expression, type Node, nodeOf } from "../expression.js";
import { isBuiltin } from "../names.js";
import { classify } from "../value.js";
import { printAttributeName } from "./attribute-name.js";
import { printCode } from "./code.js";
import { type Doc, flatWidth, group, indent, join, line } from "./doc.js";
import { printLambda, printLet } from "./function.js";
import { printPath } from "./path.js";
import { type Place, within } from "./place.js";
import { APPLICATION, atLevel, atom, OPEN, type Printed, SELECTION } from "./printed.js";
import { printStringNode } from "./string-node.js";
import { layOutList, printAny, printElement } from "./value.js";

/** Prints an expression. */
export function printExpression(expression: Expression, place: Place): Printed {
  const node = nodeOf(expression);
  switch (node.kind) {
    case "code":
      return printCode(node, place);
    case "string":
      return printStringNode(node, place);
    case "global":
      place.scope.checkGlobal(node.name, place.path);
      if (!isBuiltin(node.name)) place.run.globals.add(node.name);
      return atom(node.name);
    case "bound":
      return atom(place.scope.name(node.binder, place.path));
    case "select":
      return printSelection(node, place);
    case "apply":
      return printApplication(node, place);
    case "lambda":
      return printLambda(node, place);
    case "let":
      return printLet(node, place);
    case "operator":
      return printOperator(node, place);
    case "if":
      return printIf(node, place);
    case "path":
      return printSource(node.path, place);
  }
}

function printSource(path: string, place: Place): Printed {
  const file = place.run.source?.(path, place.path);
  if (file === undefined) return printPath(path, place.run.pathPrefix);
  return { doc: ["import ", atLevel(printPath(file, "."), SELECTION)], level: APPLICATION, hugs: true };
}

function printSelection(node: Node & { kind: "select" }, place: Place): Printed {
  const base = atLevel(printAny(node.base, place), SELECTION);
  return { doc: [base, ".", printAttributeName(node.attribute)], level: SELECTION, hugs: true };
}

function printApplication(node: Node & { kind: "apply" }, place: Place): Printed {
  const head = atLevel(printAny(node.fn, place), APPLICATION);
  const roles = argumentRoles(node.fn);
  const args = node.args.map((arg, index) => printArgument(arg, roles[index] ?? "inner", place));
  const start = [head, ...args.slice(0, -1)];
  const doc =
    flatWidth(start) <= LONGEST_START
      ? join(" ", [...start, ...args.slice(-1)])
      : group([head, indent([line, join(line, args)])]);
  return { doc, level: APPLICATION, hugs: true };
}

function printArgument(arg: unknown, role: Role, place: Place): Doc {
  // The definitions of lib.mkMerge all stand where the whole does.
  const definitions = role === "definitions" ? classify(arg, place.path) : undefined;
  if (definitions?.kind === "list") {
    const print = () => layOutList(definitions.value.map((each) => printElement(each, place)));
    return place.run.guard.inside(arg, place.path, print).doc;
  }
  return atLevel(printAny(arg, role === "same" || role === "definitions" ? place : within(place)), SELECTION);
}

/** Columns of a function and its first arguments before each argument gets a line of its own, and not only the last breaks. */
const LONGEST_START = 60;

/** How tightly Nix binds each operator, as far as Firn prints them. */
const RANKS = { "++": 60, "!": 45, "//": 40, "==": 30, "&&": 25, "||": 20 } as const;

function printOperator(node: Node & { kind: "operator" }, place: Place): Printed {
  const rank = RANKS[node.operator];
  const [first] = node.operands;
  if (node.operator === "!")
    return { doc: ["!", atLevel(printAny(first, place), APPLICATION)], level: rank, hugs: true };
  if (node.operands.length === 1) return printAny(first, place);
  const operands = node.operands.map((operand) => atLevel(printAny(operand, place), rank + 1));
  return { doc: group(join([line, node.operator, " "], operands)), level: rank, hugs: false };
}

function printIf(node: Node & { kind: "if" }, place: Place): Printed {
  const [condition, whenTrue, whenFalse] = [node.condition, node.whenTrue, node.whenFalse].map(
    (part) => printAny(part, place).doc,
  ) as [Doc, Doc, Doc];
  const doc = group([
    "if ",
    condition,
    " then",
    indent([line, whenTrue]),
    line,
    "else",
    indent([line, whenFalse]),
  ]);
  return { doc, level: OPEN, hugs: false };
}
