import { type Binder, type Expression, isExpression } from "./expression.js";
import { toProxy } from "./proxy.js";
import type { NixProxy } from "./proxy-types.js";

/** A JavaScript function that stands for a Nix function: it is called once, with expressions for its parameters. */
export type Traceable = (...parameters: never[]) => unknown;

/** An argument of a call or a hole: functions become lambdas, everything else stays. */
export function traceArgument(value: unknown): unknown {
  return typeof value === "function" && !isExpression(value) ? traceFunction(value as Traceable) : value;
}

/**
 * A JavaScript function as a Nix lambda, one for each of its parameters: `(a, b) => …` becomes `a: b: …`.
 * What it returns may be a function again.
 */
export function traceFunction(fn: Traceable): Expression {
  const names = parameterNames(fn);
  const binders = names.map((hint): Binder => ({ hint }));
  let body: unknown = traceArgument(fn(...(binders.map(reference) as never[])));
  for (const binder of binders.toReversed())
    body = toProxy({ kind: "lambda", parameter: { kind: "name", binder }, body });
  return body as Expression;
}

/** The expression for a bound variable. */
export function reference(binder: Binder): NixProxy {
  return toProxy({ kind: "bound", binder });
}

/** The parameters' names where the source shows plain ones, so that the Nix text reads as written. */
function parameterNames(fn: Traceable): string[] {
  const count = Math.max(1, fn.length);
  const source = Function.prototype.toString.call(fn);
  const list = /^(?:async\s+)?(?:function\s*\w*\s*)?(?:\(([^()]*)\)|([\w$]+)\s*=>)/.exec(source);
  const names = (list?.[1] ?? list?.[2] ?? "").split(",").map((name) => name.trim());
  return Array.from({ length: count }, (_, index) => {
    const name = names[index] ?? "";
    return /^[A-Za-z_]\w*$/.test(name) ? name : count === 1 ? "x" : `x${index + 1}`;
  });
}
