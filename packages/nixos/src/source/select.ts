import type { Node } from "ts-morph";
import { assignments } from "./assignments.js";
import { type FunctionNode, Functions, isFunction } from "./functions.js";
import { Lists } from "./lists.js";
import { declarationOf, literalValue, propertyName, unwrap } from "./names.js";
import { type Environment, NOWHERE, type Path, type Place, type Selected } from "./place.js";
import type { TsMorph } from "./program.js";
import { wrapperOf } from "./wrappers.js";

/** Steps after which a program is too entangled to be followed. */
const PATIENCE = 20_000;

/** Methods of arrays whose callback gets the elements. */
const CALLBACKS = new Set(["map", "forEach", "flatMap", "filter"]);

/**
 * Follows values through the source of a program: object literals, spreads, variables, imports, calls of functions that
 * return literals, loops over literals, and the functions of `lib` that wrap definitions.
 */
export class Selector {
  readonly functions: Functions;
  private readonly lists: Lists;
  private steps = 0;

  /** @param machine name of the machine, which decides between the rounds of a loop over machines */
  constructor(
    private readonly morph: TsMorph,
    private readonly machine: string,
  ) {
    const follow = (place: Place) => this.follow(place);
    this.functions = new Functions(morph, follow);
    this.lists = new Lists(morph, this.functions, follow);
  }

  /** What stands at a path below an expression; nothing where certainly nothing does. */
  select(place: Place, path: Path): Selected[] {
    const [head, ...rest] = path;
    if (head === undefined) return [{ place, sure: true, complete: true }];
    const { Node } = this.morph;
    const { env } = place;
    const node = unwrap(place.node, this.morph);
    const here = { node, env };
    const opaque: Selected[] = [{ place: here, sure: false, complete: false }];
    this.steps += 1;
    if (this.steps > PATIENCE) return opaque;

    if (Node.isObjectLiteralExpression(node)) return this.inObject(here, head, rest);
    if (Node.isArrayLiteralExpression(node)) {
      const elements = this.lists.elements(here);
      if (!elements) return opaque;
      const element = elements[Number(head)];
      return element ? this.select(element, rest) : [];
    }
    // An entry of an object, as Object.entries() gives it.
    if (Node.isPropertyAssignment(node))
      return this.select({ node: head === 1 ? node.getInitializerOrThrow() : node.getNameNode(), env }, rest);
    const branches = this.branches(node);
    if (branches)
      return this.any(
        branches.map((branch) => ({ node: branch, env })),
        path,
      );
    if (literalValue(node, this.morph)) return [];
    // A module that is a function of module arguments.
    if (isFunction(node, this.morph)) return this.any(this.functions.returns(here), path);
    if (Node.isCallExpression(node)) return this.inCall(here, path) ?? opaque;
    const followed = this.follow(here);
    if (!followed) return opaque;
    const later = assignments(here, path, this.morph).flatMap((each) => this.select(each.place, each.rest));
    return [...later, ...this.any(followed, path)];
  }

  /** The parts of a call of a function that Firn knows; undefined where it is none, or nobody can tell its parts. */
  parts({
    node,
    env,
  }: Place): { how: "alternatives" | "merge" | "override"; parts: readonly Place[] } | undefined {
    if (!this.morph.Node.isCallExpression(node)) return undefined;
    const wrapper = wrapperOf(node);
    if (!wrapper) return undefined;
    const [list] = wrapper.args;
    const parts = wrapper.list
      ? list && this.lists.elements({ node: list, env })
      : this.lists.all(wrapper.args, env);
    return parts && { how: wrapper.how, parts };
  }

  /** The two values that a conditional, `||` or `??` may have. */
  branches(node: Node): readonly Node[] | undefined {
    const { Node } = this.morph;
    if (Node.isConditionalExpression(node)) return [node.getWhenTrue(), node.getWhenFalse()];
    if (!Node.isBinaryExpression(node)) return undefined;
    return /^(\?\?|\|\||&&)$/.test(node.getOperatorToken().getText())
      ? [node.getLeft(), node.getRight()]
      : undefined;
  }

  /** What an identifier or a selection stands for; undefined where nobody can tell. */
  follow({ node, env }: Place): readonly Place[] | undefined {
    const { Node } = this.morph;
    this.steps += 1;
    if (this.steps > PATIENCE) return undefined;
    if (Node.isPropertyAccessExpression(node)) {
      const declaration = declarationOf(node.getNameNode(), this.morph);
      // An export of a module that is imported as a whole.
      if (Node.isVariableDeclaration(declaration) || Node.isFunctionDeclaration(declaration))
        return this.declared(declaration, env);
      return this.completed({ node: node.getExpression(), env }, [node.getName()]);
    }
    if (Node.isElementAccessExpression(node)) {
      const key = literalValue(unwrap(node.getArgumentExpressionOrThrow(), this.morph), this.morph)?.value;
      if (typeof key !== "string" && typeof key !== "number") return undefined;
      return this.completed({ node: node.getExpression(), env }, [key]);
    }
    const declaration = Node.isIdentifier(node) ? declarationOf(node, this.morph) : undefined;
    return declaration && this.declared(declaration, env);
  }

  private inObject({ node, env }: Place, head: string | number, rest: Path): Selected[] {
    const { Node, SyntaxKind } = this.morph;
    const found: Selected[] = [];
    // Of equal names the last one wins.
    for (const property of node
      .asKindOrThrow(SyntaxKind.ObjectLiteralExpression)
      .getProperties()
      .toReversed()) {
      if (Node.isSpreadAssignment(property)) {
        const spread = { node: property.getExpression(), env };
        const there = this.select(spread, [head]);
        const sure = there.length > 0 && there.every((each) => each.sure);
        found.push(
          ...this.select(spread, [head, ...rest]).map((each) => ({ ...each, sure: each.sure && sure })),
        );
        if (sure) return found;
        continue;
      }
      const name = propertyName(property.getNameNode(), this.morph);
      if (name !== undefined && name !== String(head)) continue;
      const value = Node.isPropertyAssignment(property)
        ? property.getInitializerOrThrow()
        : Node.isShorthandPropertyAssignment(property)
          ? property.getNameNode()
          : property;
      const there = this.select({ node: value, env }, rest);
      if (name !== undefined) return [...found, ...there];
      found.push(...there.map((each) => ({ ...each, sure: false })));
    }
    return found;
  }

  private inCall(call: Place, path: Path): Selected[] | undefined {
    const wrapper = this.parts(call);
    if (wrapper?.how === "override") {
      // Later parts have what they name, earlier ones the rest.
      const last = wrapper.parts.findLast((part) => this.select(part, path.slice(0, 1)).length > 0);
      return last ? this.select(last, path) : [];
    }
    if (wrapper) return wrapper.parts.flatMap((part) => this.select(part, path));
    const results = this.functions.results(call);
    const found = results && this.any(results, path);
    // What a function makes of who knows what is better told by its call.
    return found?.every((each) => !each.complete) && found.length > 0 ? undefined : found;
  }

  /** One of several places, nobody knows which. */
  private any(places: readonly Place[], path: Path): Selected[] {
    const found = places.map((place) => this.select(place, path));
    const sure = places.length === 1 || found.every((each) => each.length > 0);
    return found.flat().map((each) => ({ ...each, sure: each.sure && sure }));
  }

  private completed(place: Place, path: Path): readonly Place[] | undefined {
    const selected = this.select(place, path);
    return selected.length > 0 && selected.every((each) => each.complete)
      ? selected.map((each) => each.place)
      : undefined;
  }

  private declared(declaration: Node, env: Environment): readonly Place[] | undefined {
    const { Node } = this.morph;
    if (isFunction(declaration, this.morph)) return [{ node: declaration, env }];
    if (Node.isExportAssignment(declaration)) return [{ node: declaration.getExpression(), env: NOWHERE }];
    if (Node.isParameterDeclaration(declaration)) return this.argument(declaration, env);
    if (Node.isBindingElement(declaration)) return this.destructured(declaration, env);
    if (!Node.isVariableDeclaration(declaration)) return undefined;
    const initializer = declaration.getInitializer();
    if (initializer) return [{ node: initializer, env }];
    const loop = declaration.getParent().getParent();
    return Node.isForOfStatement(loop) ? this.round({ node: loop.getExpression(), env }) : undefined;
  }

  private destructured(declaration: Node, env: Environment): readonly Place[] | undefined {
    const { Node, SyntaxKind } = this.morph;
    const element = declaration.asKindOrThrow(SyntaxKind.BindingElement);
    const pattern = element.getParent();
    const roots = this.declared(pattern.getParentOrThrow(), env);
    const part = Node.isArrayBindingPattern(pattern)
      ? pattern.getElements().indexOf(element)
      : propertyName(element.getPropertyNameNode() ?? element.getNameNode(), this.morph);
    if (!roots || part === undefined || element.getDotDotDotToken()) return undefined;
    const selected = roots.map((root) => this.completed(root, [part]));
    return selected.every((each) => each !== undefined) ? selected.flat() : undefined;
  }

  private argument(parameter: Node, env: Environment): readonly Place[] | undefined {
    const { Node, SyntaxKind } = this.morph;
    const bound = env.get(parameter);
    if (bound) return bound;
    const fn = parameter.getParentOrThrow();
    const call = fn.getParent();
    if (Node.isCallExpression(call) && (fn as FunctionNode).getParameters()[0] === parameter) {
      const callee = call.getExpression();
      if (Node.isPropertyAccessExpression(callee) && CALLBACKS.has(callee.getName()))
        return this.round({ node: callee.getExpression(), env });
    }
    const initializer = parameter.asKind(SyntaxKind.Parameter)?.getInitializer();
    return initializer && [{ node: initializer, env }];
  }

  /** What a loop over machines has in its hands when it makes this one. */
  private round(list: Place): readonly Place[] | undefined {
    const elements = this.lists.elements(list);
    const named = elements?.filter((element) => this.isNamed(element));
    return named && named.length > 0 ? named : elements;
  }

  private isNamed({ node, env }: Place): boolean {
    const { Node } = this.morph;
    const inner = unwrap(node, this.morph);
    if (Node.isPropertyAssignment(inner))
      return propertyName(inner.getNameNode(), this.morph) === this.machine;
    if (literalValue(inner, this.morph)?.value === this.machine) return true;
    if (!Node.isObjectLiteralExpression(inner)) return false;
    return this.select({ node: inner, env }, ["name"]).some(
      ({ place }) => literalValue(unwrap(place.node, this.morph), this.morph)?.value === this.machine,
    );
  }
}
