import type { NixContent } from "./definition-types.js";
import type { Expression } from "./expression.js";

/**
 * A family of foreign types, for example "a Pulumi Output of": `type` is computed from `this["value"]`.
 *
 * @example
 * interface Outputs extends ForeignKind { readonly type: pulumi.Output<this["value"]> }
 */
export interface ForeignKind {
  readonly value: unknown;
  readonly type: unknown;
}

/** The family without members. */
export interface NoForeign extends ForeignKind {
  readonly type: never;
}

/** The foreign type of a family for values of type `T`. */
export type Foreign<Kind extends ForeignKind, T> = (Kind & { readonly value: T })["type"];

/** Values that both JavaScript and Nix have. Safe integers and bigints are Nix integers, other numbers floats. */
export type NixScalar = null | boolean | number | bigint | string;

/** Anything that prints as Nix: scalars, expressions, arrays and plain objects of them, and foreign values of a family. */
export type NixValue<Kind extends ForeignKind = NoForeign> =
  | NixScalar
  | Expression
  | NixContent<NixValue<Kind>>
  | Foreign<Kind, unknown>
  | readonly NixValue<Kind>[]
  | { readonly [name: string]: NixValue<Kind> };

/** `T`, where at any depth an expression or a foreign value may stand instead of a value. */
export type NixInput<T, Kind extends ForeignKind = NoForeign> =
  | Expression
  | Foreign<Kind, T>
  | (T extends Expression | NixScalar
      ? T
      : T extends readonly (infer Element)[]
        ? readonly NixInput<Element, Kind>[]
        : T extends object
          ? { readonly [Name in keyof T]: NixInput<T[Name], Kind> }
          : T);

/** A NixOS module as a plain tree: option names, values and expressions. */
export type NixModule<Kind extends ForeignKind = NoForeign> =
  | { readonly [option: string]: NixValue<Kind> }
  | Expression
  | NixContent<NixModule<Kind>>;
