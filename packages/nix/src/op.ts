import type { NixDefinition, Placed } from "./definition-types.js";
import type { Operator } from "./expression.js";
import { toProxy } from "./proxy.js";
import type { NixProxy } from "./proxy-types.js";

/** Nix' operators, where JavaScript's would see the expression and not its value. Operands are values or expressions. */
export const op = {
  /** `!a` */
  not: (value: unknown): NixProxy => operator("!", [value]),
  /** `a && b && …` */
  and: (first: unknown, ...others: unknown[]): NixProxy => operator("&&", [first, ...others]),
  /** `a || b || …` */
  or: (first: unknown, ...others: unknown[]): NixProxy => operator("||", [first, ...others]),
  /** `a == b` */
  eq: (left: unknown, right: unknown): NixProxy => operator("==", [left, right]),
  /** `a ++ b ++ …`: lists, one after the other. */
  concat: (first: unknown, ...others: unknown[]): NixProxy => operator("++", [first, ...others]),
  /** `a // b // …`: attribute sets; of equal names the last wins. */
  merge: (first: unknown, ...others: unknown[]): NixProxy => operator("//", [first, ...others]),
  /** `if condition then a else b` */
  ifElse: <T>(condition: unknown, whenTrue: Placed<T>, whenFalse: Placed<T>): NixDefinition<T> =>
    toProxy({ kind: "if", condition, whenTrue, whenFalse }) as NixDefinition<T>,
} as const;

function operator(name: Operator, operands: readonly unknown[]): NixProxy {
  return toProxy({ kind: "operator", operator: name, operands });
}
