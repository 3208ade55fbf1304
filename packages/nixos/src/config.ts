import type { Expression, ForeignKind, NixContent, NixModule, NixValue } from "@firn/nix";
/**
 * A Pulumi `Output` by the one member that nothing else has: with those that it lifts from its value, the compiler would
 * take every object for a misspelt output, and editors would offer them among the options.
 */
export interface OutputOf<T> {
  /** @deprecated No option: what makes an Output one. (Editors show it last and struck through.) */
  get(): T;
}

/** Pulumi's outputs and promises, which may stand wherever a value may. */
export interface Outputs extends ForeignKind {
  readonly type: OutputOf<this["value"]> | Promise<this["value"]>;
}

/** A value of an option: itself, a Nix expression, such as `lib.mkIf` with one inside, or something that Pulumi knows later. */
export type Nix<T> = T | Expression | NixContent<Nix<T>> | OutputOf<T> | Promise<T>;

/** A package, for example `pkgs.hello`. */
export interface NixPackage extends Expression {}

/** A path on the machine as text, or a Nix path. */
export type NixPath = string | Expression;

/** What any settings file can hold: scalars, lists, sets, and expressions and outputs anywhere among them. */
export type NixData = NixValue<Outputs>;

declare const RESULT: unique symbol;

/** A Nix function that gives a `Result`: ``fn((x) => …)`` or ``nix`x: …` ``. */
export interface NixFunction<Result> extends Expression {
  readonly [RESULT]?: Result;
}

declare const REMOVED: unique symbol;

/** An option that is gone: no value has this type. */
export interface RemovedOption {
  readonly [REMOVED]: never;
}

/**
 * The NixOS options of this project. Empty until `firn types` has written `nixos-options.d.ts`, which adds every
 * option by declaration merging.
 */
// biome-ignore lint/suspicious/noEmptyInterface: users' projects fill it
export interface NixosOptions {}

/** A NixOS configuration: typed once `firn types` has run, a tree of values and expressions before. */
export type MachineConfig = keyof NixosOptions extends never ? Nix<NixModule<Outputs>> : Nix<NixosOptions>;
