import type { Node } from "ts-morph";
import { isFunction } from "./functions.js";
import { declarationOf, literalValue, propertyName } from "./names.js";
import type { Path } from "./place.js";
import type { Program, TsMorph } from "./program.js";

/** What a part of the program ends up in. */
export interface Use {
  /** Name of the machine, or the expression for it; undefined for what all machines share. */
  readonly machine: string | undefined;
  /** From the arguments of the machine or network: `["config", "services", …]`. */
  readonly path: Path;
}

/** How many variables and functions deep a use is followed. */
const DEPTH = 10;

/** The option that a part of the program is for; undefined where it is none, or more than one. */
export function useOf(node: Node, program: Program): Use | undefined {
  const uses = usesOf(node, [], program.morph, DEPTH);
  const distinct = new Map(uses.map((use) => [JSON.stringify([use.machine, use.path]), use]));
  return distinct.size === 1 ? [...distinct.values()][0] : undefined;
}

function usesOf(start: Node, inner: Path, morph: TsMorph, depth: number): Use[] {
  const { Node } = morph;
  const path = [...inner];
  let child = start;
  for (let node = start.getParent(); node; child = node, node = node.getParent()) {
    if (Node.isPropertyAssignment(node) && node.getInitializer() === child) {
      const name = propertyName(node.getNameNode(), morph);
      if (name === undefined) return [];
      path.unshift(name);
    } else if (Node.isShorthandPropertyAssignment(node)) path.unshift(node.getName());
    else if (Node.isArrayLiteralExpression(node) && !isMerged(node, morph))
      path.unshift(node.getElements().indexOf(child as never));
    else if (Node.isCallExpression(node) || Node.isNewExpression(node)) {
      const use = argumentUse(node, child, path, morph);
      if (use) return [use];
    } else if (Node.isVariableDeclaration(node) || isFunction(node, morph)) {
      const named = Node.isVariableDeclaration(node) || Node.isFunctionDeclaration(node) ? node : undefined;
      if (named)
        return depth === 0
          ? []
          : referencesTo(named, morph).flatMap((each) => usesOf(each, path, morph, depth - 1));
    }
  }
  return [];
}

/** The arguments of a machine or network, where a node is in them. */
function argumentUse(call: Node, argument: Node, path: Path, { Node }: TsMorph): Use | undefined {
  if (!Node.isCallExpression(call) && !Node.isNewExpression(call)) return undefined;
  const [name, args] = call.getArguments();
  if (args !== argument) return undefined;
  if (Node.isNewExpression(call))
    return call.getExpression().getText().endsWith("Network") ? { machine: undefined, path } : undefined;
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== "machine") return undefined;
  const literal = name && literalValue(name, { Node } as TsMorph)?.value;
  return { machine: typeof literal === "string" ? literal : name?.getText(), path };
}

/** The elements of lib.mkMerge stand where the whole does. */
function isMerged(list: Node, { Node }: TsMorph): boolean {
  const call = list.getParent();
  return Node.isCallExpression(call) && call.getExpression().getText() === "lib.mkMerge";
}

/** Where a variable or function of this file is used in it. */
function referencesTo(declaration: Node, morph: TsMorph): Node[] {
  const { Node, SyntaxKind } = morph;
  const name = Node.hasName(declaration) ? declaration.getName() : undefined;
  return declaration
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter(
      (identifier) =>
        identifier.getText() === name &&
        identifier.getParent() !== declaration &&
        declarationOf(identifier, morph) === declaration,
    );
}
