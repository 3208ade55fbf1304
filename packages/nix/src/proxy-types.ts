import type { Expression } from "./expression.js";

declare const probe: { readonly [name: string]: 0 };

/**
 * An attribute of an expression. Where the user's `noUncheckedIndexedAccess` would make it possibly undefined it is `any`
 * instead: its name is known to Nix alone, and there is no undefined in Nix.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type NixAttribute = undefined extends typeof probe.any ? any : NixProxy;

/**
 * What every Nix expression offers: attributes of any name. The named ones are those that TypeScript would take for
 * members of a JavaScript function.
 */
export interface NixAttributes extends Expression {
  readonly [attribute: string]: NixAttribute;
  readonly apply: NixProxy;
  readonly arguments: NixProxy;
  readonly bind: NixProxy;
  readonly call: NixProxy;
  readonly caller: NixProxy;
  readonly constructor: NixProxy;
  readonly length: NixProxy;
  readonly name: NixProxy;
  readonly prototype: NixProxy;
  readonly toString: NixProxy;
  readonly valueOf: NixProxy;
}

/**
 * A Nix expression to select from and to call: `pkgs.hello`, `pkgs["a b"]`, `lib.mkIf(condition, value)`.
 * Several arguments are several applications, as Nix functions take one each; JavaScript functions among them become
 * Nix lambdas.
 */
export interface NixProxy extends NixAttributes {
  (...args: NixArgument[]): NixProxy;
}

/** An argument of a Nix function: a value of any kind, or a JavaScript function to be traced into a lambda. */
export type NixArgument =
  | ((...parameters: NixProxy[]) => unknown)
  | object
  | string
  | number
  | bigint
  | boolean
  | null;

/** A Nix function whose parameters are known. */
export type NixFunction<Signature extends (...args: never[]) => NixProxy> = Signature & NixAttributes;
