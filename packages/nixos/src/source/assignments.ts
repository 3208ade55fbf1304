import type { Node } from "ts-morph";
import { declarationOf, literalValue } from "./names.js";
import type { Path, Place } from "./place.js";
import type { TsMorph } from "./program.js";

/** What statements such as `config.services = …` put into the object that a variable holds, at the start of a path. */
export function assignments(
  { node, env }: Place,
  path: Path,
  morph: TsMorph,
): { readonly place: Place; readonly rest: Path }[] {
  const { Node, SyntaxKind } = morph;
  if (!Node.isIdentifier(node)) return [];
  const declaration = declarationOf(node, morph);
  if (!Node.isVariableDeclaration(declaration)) return [];
  return declaration
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .filter((each) => each.getOperatorToken().getKind() === SyntaxKind.EqualsToken)
    .flatMap((assignment) => {
      const target = accessPath(assignment.getLeft(), morph);
      if (!target || target.path.length === 0 || target.path.length > path.length) return [];
      if (target.path.some((part, index) => part !== String(path[index]))) return [];
      if (declarationOf(target.root, morph) !== declaration) return [];
      return [{ place: { node: assignment.getRight(), env }, rest: path.slice(target.path.length) }];
    });
}

/** `a.b["c"]` as its root and the names after it. */
function accessPath(node: Node, morph: TsMorph): { root: Node; path: string[] } | undefined {
  const { Node } = morph;
  if (Node.isIdentifier(node)) return { root: node, path: [] };
  const property = Node.isPropertyAccessExpression(node) ? node.getName() : undefined;
  const element = Node.isElementAccessExpression(node)
    ? literalValue(node.getArgumentExpressionOrThrow(), morph)?.value
    : undefined;
  const name = property ?? element;
  if (typeof name !== "string") return undefined;
  const base = accessPath(node.getFirstChildOrThrow(), morph);
  return base && { root: base.root, path: [...base.path, name] };
}
