import { codeTokens } from "./code-tokens.js";
import { isExpression, type Node, nodeOf } from "./expression.js";

/**
 * How a child stands in its expression: `same` stands at the expression's own place in the configuration (the content
 * of `lib.mkIf`), `definitions` is a list of such (that of `lib.mkMerge`), `condition` decides whether what is at that place
 * counts, `string` is interpolated, `inner` is anything else.
 */
export type Role = "same" | "definitions" | "condition" | "string" | "inner";

/** The node with every child replaced by what `visit` returns for it. */
export function mapChildren(node: Node, visit: (child: unknown, role: Role) => unknown): Node {
  switch (node.kind) {
    case "global":
    case "bound":
    case "path":
      return node;
    case "code":
      return mapCode(node, visit);
    case "string":
      return { ...node, holes: node.holes.map((hole) => visit(hole, "string")) };
    case "select":
      return { ...node, base: visit(node.base, "inner") };
    case "apply": {
      const roles = argumentRoles(node.fn);
      return {
        ...node,
        fn: visit(node.fn, "inner"),
        args: node.args.map((arg, index) => visit(arg, roles[index] ?? "inner")),
      };
    }
    case "lambda":
      return { ...node, parameter: mapParameter(node.parameter, visit), body: visit(node.body, "inner") };
    case "let":
      return {
        ...node,
        bindings: node.bindings.map((binding) => ({ ...binding, value: visit(binding.value, "inner") })),
        body: visit(node.body, "same"),
      };
    case "operator":
      return {
        ...node,
        operands: node.operands.map((operand) =>
          visit(operand, MERGING.has(node.operator) ? "same" : "inner"),
        ),
      };
    case "if":
      return {
        ...node,
        condition: visit(node.condition, "condition"),
        whenTrue: visit(node.whenTrue, "same"),
        whenFalse: visit(node.whenFalse, "same"),
      };
  }
}

function mapCode(node: Node & { kind: "code" }, visit: (child: unknown, role: Role) => unknown): Node {
  if (node.holes.length === 0) return node;
  const contexts = codeTokens(node.texts)
    .filter((token) => token.kind === "hole")
    .map((token) => token.context);
  const role = (index: number): Role =>
    contexts[index] === "quoted" || contexts[index] === "indented" ? "string" : "inner";
  return { ...node, holes: node.holes.map((hole, index) => visit(hole, role(index))) };
}

/** Operators whose operands are parts of the result. */
const MERGING: ReadonlySet<string> = new Set(["//", "++"]);

function mapParameter(
  parameter: (Node & { kind: "lambda" })["parameter"],
  visit: (child: unknown, role: Role) => unknown,
): (Node & { kind: "lambda" })["parameter"] {
  if (parameter.kind === "name") return parameter;
  const names = parameter.names.map((name) =>
    name.fallback ? { ...name, fallback: { value: visit(name.fallback.value, "inner") } } : name,
  );
  return { ...parameter, names };
}

/** The functions of `lib` that wrap a definition of an option. */
const WRAPPERS: Readonly<Record<string, readonly Role[]>> = {
  mkAfter: ["same"],
  mkBefore: ["same"],
  mkDefault: ["same"],
  mkForce: ["same"],
  mkIf: ["condition", "same"],
  mkImageMediaOverride: ["same"],
  mkMerge: ["definitions"],
  mkOptionDefault: ["same"],
  mkOrder: ["inner", "same"],
  mkOverride: ["inner", "same"],
  mkVMOverride: ["same"],
  optionalAttrs: ["condition", "same"],
  optionalString: ["condition", "same"],
  optionals: ["condition", "same"],
};

/** How the arguments of a call stand in it; those beyond the list are inner. */
export function argumentRoles(fn: unknown): readonly Role[] {
  if (!isExpression(fn)) return [];
  const node = nodeOf(fn);
  if (node.kind !== "select" || !isExpression(node.base)) return [];
  const base = nodeOf(node.base);
  if (base.kind !== "global" || base.name !== "lib") return [];
  return Object.hasOwn(WRAPPERS, node.attribute) ? (WRAPPERS[node.attribute] ?? []) : [];
}
