import { NixSyntaxError, refined } from "./errors.js";
import type { Binder, PatternName } from "./expression.js";
import { isIdentifier } from "./print/attribute-name.js";
import { toProxy } from "./proxy.js";
import type { NixProxy } from "./proxy-types.js";
import { reference, type Traceable, traceArgument, traceFunction } from "./trace.js";

const REQUIRED: unique symbol = Symbol.for("firn.nix.required") as never;

interface Fn {
  (body: (...parameters: NixProxy[]) => unknown): NixProxy;
  /**
   * A function of an attribute set, `{ name, port ? 80, ... }: body`. Each key is a name; its value is the default,
   * or {@link Fn.required}.
   *
   * @example fn.attrs({ name: fn.required, port: 80 }, ({ name, port }) => str`${name}:${nix`toString ${port}`}`)
   */
  attrs<Names extends string>(
    names: { readonly [Name in Names]: unknown },
    body: (names: { readonly [Name in Names]: NixProxy }) => unknown,
  ): NixProxy;
  /** Marks a name of {@link Fn.attrs} without a default. */
  readonly required: typeof REQUIRED;
}

/**
 * A Nix function, traced from a JavaScript one: it runs once, with expressions for its parameters, and what it returns
 * is the body. Several parameters are nested functions, `(a, b) => …` is `a: b: …`. JavaScript's own `if`, `===` and
 * `&&` see the expression and not its value: use `op`.
 */
export const fn: Fn = Object.assign((body: Traceable) => traceFunction(body) as NixProxy, {
  attrs: attrsFunction,
  required: REQUIRED,
}) as Fn;

function attrsFunction(
  names: Readonly<Record<string, unknown>>,
  body: (names: Record<string, NixProxy>) => unknown,
): NixProxy {
  const entries = Object.entries(names).map(([hint, value]) => {
    if (!isIdentifier(hint))
      throw refined(
        new NixSyntaxError(`fn.attrs: ${JSON.stringify(hint)} cannot be the name of a parameter in Nix.`),
      );
    const binder: Binder = { hint };
    const name: PatternName =
      value === REQUIRED ? { binder } : { binder, fallback: { value: traceArgument(value) } };
    return { name, reference: [hint, reference(binder)] as const };
  });
  return toProxy({
    kind: "lambda",
    parameter: { kind: "pattern", names: entries.map((entry) => entry.name) },
    body: traceArgument(body(Object.fromEntries(entries.map((entry) => entry.reference)))),
  });
}
