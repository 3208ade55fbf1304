import type { Node } from "ts-morph";
import type { Functions } from "./functions.js";
import { propertyName, unwrap } from "./names.js";
import type { Environment, Place } from "./place.js";
import type { TsMorph } from "./program.js";

/** Methods of arrays that give some of the elements. */
const SUBSETS = new Set(["filter", "slice", "toSorted", "toReversed", "sort", "reverse"]);

/** Lists whose elements the source shows. */
export class Lists {
  constructor(
    private readonly morph: TsMorph,
    private readonly functions: Functions,
    private readonly follow: (place: Place) => readonly Place[] | undefined,
  ) {}

  /** The elements of a list; undefined where nobody can tell. */
  elements(list: Place): readonly Place[] | undefined {
    const { Node } = this.morph;
    const { env } = list;
    const node = unwrap(list.node, this.morph);
    if (Node.isArrayLiteralExpression(node)) return this.all(node.getElements(), env);
    if (Node.isCallExpression(node)) return this.made({ node, env });
    const followed = this.onlyOne({ node, env });
    return followed && this.elements(followed);
  }

  /** Expressions with what spreads among them bring; undefined where nobody can tell. */
  all(nodes: readonly Node[], env: Environment): readonly Place[] | undefined {
    const { Node } = this.morph;
    const parts = nodes.map((node) =>
      Node.isSpreadElement(node) ? this.elements({ node: node.getExpression(), env }) : [{ node, env }],
    );
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }

  /** The elements of what a call gives. Those of `Object.entries` are the properties themselves. */
  private made({ node, env }: Place): readonly Place[] | undefined {
    const { Node, SyntaxKind } = this.morph;
    const call = node.asKindOrThrow(SyntaxKind.CallExpression);
    const callee = call.getExpression();
    const [first] = call.getArguments();
    if (!Node.isPropertyAccessExpression(callee)) return undefined;
    const name = callee.getName();
    if (callee.getExpression().getText() === "Object" && first) {
      const properties = this.properties({ node: first, env });
      if (name === "entries") return properties;
      if (name === "values")
        return properties?.map((property) => ({
          ...property,
          node: property.node.asKindOrThrow(SyntaxKind.PropertyAssignment).getInitializerOrThrow(),
        }));
      return undefined;
    }
    const base = this.elements({ node: callee.getExpression(), env });
    if (name !== "map") return SUBSETS.has(name) ? base : undefined;
    const functions = first && this.functions.called({ node: unwrap(first, this.morph), env });
    const fn = functions?.length === 1 ? functions[0] : undefined;
    return fn && base?.flatMap((element) => this.functions.returns(this.functions.give(fn, [element])));
  }

  /** The properties of an object that all have plain names. */
  private properties(object: Place): readonly Place[] | undefined {
    const { Node } = this.morph;
    const node = unwrap(object.node, this.morph);
    if (!Node.isObjectLiteralExpression(node)) {
      const followed = this.onlyOne({ node, env: object.env });
      return followed && this.properties(followed);
    }
    const properties = node.getProperties();
    const named = properties.every(
      (each) => Node.isPropertyAssignment(each) && propertyName(each.getNameNode(), this.morph) !== undefined,
    );
    return named ? properties.map((property) => ({ node: property, env: object.env })) : undefined;
  }

  private onlyOne(place: Place): Place | undefined {
    const followed = this.follow(place);
    const [only] = followed ?? [];
    return followed?.length === 1 && only?.node !== place.node ? only : undefined;
  }
}
