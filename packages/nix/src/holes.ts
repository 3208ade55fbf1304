import { mapChildren, type Role } from "./children.js";
import { isExpression, nodeOf } from "./expression.js";
import { Guard } from "./guard.js";
import type { Path } from "./option-path.js";
import { toProxy } from "./proxy.js";
import { classify } from "./value.js";

/**
 * How a foreign value stands: as a whole `value` of an option, as text inside a `string`, or as a part of an
 * `expression`, where no option says what type it has.
 */
export type HoleContext = "value" | "string" | "expression";

/** A foreign value and the option path of its place. */
export interface ForeignLeaf {
  readonly value: unknown;
  readonly path: Path;
}

/**
 * All foreign values in a tree, also inside expressions; each place counts, in the order of the tree.
 * They themselves are never looked into.
 *
 * @throws {@link NixValueError} for a value that is neither foreign nor Nix
 */
export function findForeign(value: unknown, isForeign: (value: unknown) => boolean): ForeignLeaf[] {
  const leaves: ForeignLeaf[] = [];
  replaceForeign(value, isForeign, (leaf, path) => {
    leaves.push({ value: leaf, path });
    return null;
  });
  return leaves;
}

/**
 * The tree with every foreign value replaced by what `replace` returns for it. The rest keeps its shape.
 *
 * @throws {@link NixValueError} for a value that is neither foreign nor Nix
 */
export function replaceForeign(
  value: unknown,
  isForeign: (value: unknown) => boolean,
  replace: (leaf: unknown, path: Path, context: HoleContext) => unknown,
): unknown {
  const guard = new Guard();
  return walk(value, [], "value");

  function walk(current: unknown, path: Path, context: HoleContext): unknown {
    if (isExpression(current)) {
      return guard.inside(current, path, () =>
        toProxy(mapChildren(nodeOf(current), (child, role) => walkChild(child, role, path, context))),
      );
    }
    if (isForeign(current)) return replace(current, path, context);
    const classified = classify(current, path);
    if (classified.kind === "list") {
      const elements = classified.value;
      return guard.inside(current, path, () =>
        elements.map((element, index) => walk(element, [...path, index], context)),
      );
    }
    if (classified.kind === "set") {
      const entries = Object.entries(classified.value);
      return guard.inside(current, path, () =>
        Object.fromEntries(entries.map(([name, child]) => [name, walk(child, [...path, name], context)])),
      );
    }
    return current;
  }

  function walkChild(child: unknown, role: Role, path: Path, context: HoleContext): unknown {
    if (role === "string") return walk(child, path, "string");
    if (role === "inner" || role === "condition") return walk(child, path, "expression");
    if (role === "definitions" && Array.isArray(child) && !isExpression(child))
      return child.map((definition) => walk(definition, path, context));
    return walk(child, path, context);
  }
}
