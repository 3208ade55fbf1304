import type { ArrowFunction, FunctionDeclaration, FunctionExpression, Node } from "ts-morph";
import { unwrap } from "./names.js";
import type { Environment, Place } from "./place.js";
import type { TsMorph } from "./program.js";

/** A function whose body the source shows. */
export type FunctionNode = ArrowFunction | FunctionDeclaration | FunctionExpression;

export function isFunction(node: Node | undefined, { Node }: TsMorph): node is FunctionNode {
  return Node.isArrowFunction(node) || Node.isFunctionExpression(node) || Node.isFunctionDeclaration(node);
}

/** The program's own functions: which a call means, what they get, and what they return. */
export class Functions {
  /** @param follow what an expression stands for */
  constructor(
    private readonly morph: TsMorph,
    private readonly follow: (place: Place) => readonly Place[] | undefined,
  ) {}

  /** What a call returns; undefined where nobody can tell. */
  results({ node, env }: Place): readonly Place[] | undefined {
    if (!this.morph.Node.isCallExpression(node)) return undefined;
    const functions = this.called({ node: unwrap(node.getExpression(), this.morph), env });
    return functions?.flatMap((fn) => this.returns(this.bind(fn, node.getArguments(), env)));
  }

  /** The functions that an expression may be; undefined where nobody can tell. */
  called(callee: Place): readonly Place[] | undefined {
    if (isFunction(callee.node, this.morph)) return [callee];
    const followed = this.results(callee) ?? this.follow(callee);
    if (!followed || followed.length === 0) return undefined;
    const functions = followed.map(({ node, env }) => {
      const inner = unwrap(node, this.morph);
      return inner === callee.node ? undefined : this.called({ node: inner, env });
    });
    return functions.every((each) => each !== undefined) ? functions.flat() : undefined;
  }

  /** A function with what its parameters stand for in a call. */
  bind(fn: Place, args: readonly Node[], env: Environment): Place {
    const spread = args.findIndex((arg) => this.morph.Node.isSpreadElement(arg));
    const known = spread < 0 ? args : args.slice(0, spread);
    return this.give(
      fn,
      known.map((node) => ({ node, env })),
    );
  }

  /** A function whose first parameters stand for places. */
  give(fn: Place, places: readonly Place[]): Place {
    const bound = new Map(fn.env);
    (fn.node as FunctionNode).getParameters().forEach((parameter, index) => {
      const place = places[index];
      if (place && !parameter.isRestParameter()) bound.set(parameter, [place]);
    });
    return { node: fn.node, env: bound };
  }

  /** The expressions that a function returns. */
  returns({ node, env }: Place): Place[] {
    const { Node, SyntaxKind } = this.morph;
    const body = (node as FunctionNode).getBody();
    if (!body) return [];
    if (!Node.isBlock(body)) return [{ node: body, env }];
    return body
      .getDescendantsOfKind(SyntaxKind.ReturnStatement)
      .filter((statement) => statement.getFirstAncestor((each) => isFunction(each, this.morph)) === node)
      .flatMap((statement) => statement.getExpression() ?? [])
      .map((expression) => ({ node: expression, env }));
  }
}
