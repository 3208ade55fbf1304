/** Key under which every expression carries its {@link Node}; registered, so that two copies of this package agree. */
export const EXPRESSION: unique symbol = Symbol.for("firn.nix.Expression") as never;

/**
 * A variable that a traced lambda, pattern or `let` binds. Its identity decides what a reference means;
 * `hint` is the name that the printer tries first.
 */
export interface Binder {
  readonly hint: string;
}

/** Operators that {@link Node} knows, in Nix' spelling. */
export type Operator = "!" | "&&" | "||" | "==" | "++" | "//";

/** Parameter of a lambda: one name, or a pattern `{ a, b ? 1, ... }` whose names are part of its meaning. */
export type Parameter =
  | { readonly kind: "name"; readonly binder: Binder }
  | { readonly kind: "pattern"; readonly names: readonly PatternName[] };

/** One name of a pattern; `fallback` is absent where the caller must give a value. */
export interface PatternName {
  readonly binder: Binder;
  readonly fallback?: { readonly value: unknown };
}

/**
 * One node of the immutable expression tree. Children are of type `unknown`, because each may be a plain value,
 * an expression, or a foreign value (such as a Pulumi `Output`) that is still to be replaced.
 */
export type Node =
  /** Nix text with holes: `texts` has one entry more than `holes`. */
  | { readonly kind: "code"; readonly texts: readonly string[]; readonly holes: readonly unknown[] }
  /** A Nix string: `texts` stand for themselves. */
  | { readonly kind: "string"; readonly texts: readonly string[]; readonly holes: readonly unknown[] }
  /** A name from outside: a module argument such as `pkgs`, or `builtins`. */
  | { readonly kind: "global"; readonly name: string }
  | { readonly kind: "bound"; readonly binder: Binder }
  | { readonly kind: "select"; readonly base: unknown; readonly attribute: string }
  | { readonly kind: "apply"; readonly fn: unknown; readonly args: readonly unknown[] }
  | { readonly kind: "lambda"; readonly parameter: Parameter; readonly body: unknown }
  | {
      readonly kind: "let";
      readonly bindings: readonly { readonly binder: Binder; readonly value: unknown }[];
      readonly body: unknown;
    }
  | { readonly kind: "operator"; readonly operator: Operator; readonly operands: readonly unknown[] }
  | {
      readonly kind: "if";
      readonly condition: unknown;
      readonly whenTrue: unknown;
      readonly whenFalse: unknown;
    }
  /** A path, relative to the project root unless it starts with `/`. */
  | { readonly kind: "path"; readonly path: string };

/** Anything that prints as a Nix expression; made by `nix`, `str`, `fn`, `path`, and by selecting from or calling `pkgs`, `lib`, …. */
export interface Expression {
  readonly [EXPRESSION]: Node;
}

/** Whether `value` is a Nix expression, of this or another copy of the package. */
export function isExpression(value: unknown): value is Expression {
  if (typeof value !== "function" && (typeof value !== "object" || value === null)) return false;
  return EXPRESSION in value;
}

/** The node of an expression. */
export function nodeOf(expression: Expression): Node {
  return expression[EXPRESSION];
}
