import { mapChildren, type Role } from "./children.js";
import { isExpression, nodeOf } from "./expression.js";
import { findForeign, replaceForeign } from "./holes.js";
import type { Path } from "./option-path.js";
import { toProxy } from "./proxy.js";
import { classify } from "./value.js";

/** What takes the place of foreign values that nobody knows. */
export interface Settlement {
  /** For a foreign value that is the value of an option, or a part of that. */
  value(path: Path): unknown;
  /** For a condition that has foreign values in it. */
  condition(path: Path): unknown;
  /** For any other expression with foreign values inside; `make` gives it with `part` in the place of each. */
  whole(path: Path, make: (part: unknown) => unknown): unknown;
}

/**
 * The tree without foreign values. Unlike {@link replaceForeign}, which looks at each of them alone, this looks at what they
 * make unknown: a condition, or a whole expression, whose type nobody can tell from the foreign value in it.
 *
 * @throws {@link NixValueError} for a value that is neither foreign nor Nix
 */
export function settleForeign(
  value: unknown,
  isForeign: (value: unknown) => boolean,
  settlement: Settlement,
): unknown {
  return walk(value, []);

  function walk(current: unknown, path: Path): unknown {
    if (isExpression(current)) return settleExpression(current, path);
    if (isForeign(current)) return settlement.value(path);
    const classified = classify(current, path);
    if (classified.kind === "list")
      return classified.value.map((element, index) => walk(element, [...path, index]));
    if (classified.kind !== "set") return current;
    const entries = Object.entries(classified.value);
    return Object.fromEntries(entries.map(([name, child]) => [name, walk(child, [...path, name])]));
  }

  function settleExpression(expression: unknown, path: Path): unknown {
    if (!hasForeign(expression)) return expression;
    const node = nodeOf(expression as never);
    let opaque = false;
    mapChildren(node, (child, role) => {
      opaque ||= (role === "inner" || role === "string") && hasForeign(child);
      return child;
    });
    if (opaque) return settlement.whole(path, (part) => replaceForeign(expression, isForeign, () => part));
    return toProxy(mapChildren(node, (child, role) => settleChild(child, role, path)));
  }

  function settleChild(child: unknown, role: Role, path: Path): unknown {
    if (role === "condition") return settleCondition(child, path);
    if (role === "definitions" && Array.isArray(child) && !isExpression(child))
      return child.map((definition) => walk(definition, path));
    return walk(child, path);
  }

  /** What negates a condition, or joins several, stays: a condition and its opposite never hold both. */
  function settleCondition(condition: unknown, path: Path): unknown {
    if (!isExpression(condition)) return isForeign(condition) ? settlement.condition(path) : condition;
    if (!hasForeign(condition)) return condition;
    const node = nodeOf(condition);
    return node.kind === "operator" && LOGICAL.has(node.operator)
      ? toProxy(mapChildren(node, (operand) => settleCondition(operand, path)))
      : settlement.condition(path);
  }

  function hasForeign(part: unknown): boolean {
    return findForeign(part, isForeign).length > 0;
  }
}

const LOGICAL: ReadonlySet<string> = new Set(["!", "&&", "||"]);
