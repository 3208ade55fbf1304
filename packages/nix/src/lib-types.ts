import type { NixDefinition, Placed } from "./definition-types.js";
import type { Expression } from "./expression.js";
import type { NixAttributes, NixFunction, NixProxy } from "./proxy-types.js";

/**
 * nixpkgs' `lib`. Not one interface: its known functions are no expressions of any arguments, as its other attributes are.
 */
export type NixLib = KnownLib & NixAttributes;

/**
 * The functions of nixpkgs' `lib` that NixOS configurations use most, for completion; every other one is there too,
 * untyped. Values may be plain or expressions. What a definition wraps has the type that the option's plain value has.
 */
export interface KnownLib {
  /** Defines the options in `content` only where `condition` holds. */
  readonly mkIf: NixFunction<<T>(condition: unknown, content: Placed<T>) => NixDefinition<T>>;
  /** Several definitions of the same option or options. */
  readonly mkMerge: NixFunction<<T>(definitions: readonly Placed<T>[] | Expression) => NixDefinition<T>>;
  /** A value that every ordinary definition overrides. */
  readonly mkDefault: NixFunction<<T>(content: Placed<T>) => NixDefinition<T>>;
  /** A value that overrides every ordinary definition. */
  readonly mkForce: NixFunction<<T>(content: Placed<T>) => NixDefinition<T>>;
  /** A definition with a priority: the lowest number wins; ordinary definitions have 100. */
  readonly mkOverride: NixFunction<<T>(priority: unknown, content: Placed<T>) => NixDefinition<T>>;
  /** List elements or lines before the others. */
  readonly mkBefore: NixFunction<<T>(content: Placed<T>) => NixDefinition<T>>;
  /** List elements or lines after the others. */
  readonly mkAfter: NixFunction<<T>(content: Placed<T>) => NixDefinition<T>>;
  /** List elements or lines at a position: the default is 1000, `mkBefore` is 500, `mkAfter` 1500. */
  readonly mkOrder: NixFunction<<T>(position: unknown, content: Placed<T>) => NixDefinition<T>>;
  /** Path of a package's main program. */
  readonly getExe: NixFunction<(pkg: NixProxy) => NixProxy>;
  /** Path of a package's program of this name. */
  readonly "getExe'": NixFunction<(pkg: NixProxy, program: unknown) => NixProxy>;
  /** A word for the shell, quoted. */
  readonly escapeShellArg: NixFunction<(word: unknown) => NixProxy>;
  /** Words for the shell, each quoted, with spaces between. */
  readonly escapeShellArgs: NixFunction<(words: readonly unknown[] | Expression) => NixProxy>;
  /** `[ value ]` or `[ ]`. */
  readonly optional: NixFunction<(condition: unknown, value: unknown) => NixProxy>;
  /** `list` or `[ ]`. */
  readonly optionals: NixFunction<<T>(condition: unknown, list: Placed<T>) => NixDefinition<T>>;
  /** `set` or `{ }`. */
  readonly optionalAttrs: NixFunction<<T>(condition: unknown, set: Placed<T>) => NixDefinition<T>>;
  /** `text` or `""`. */
  readonly optionalString: NixFunction<<T>(condition: unknown, text: Placed<T>) => NixDefinition<T>>;
  /** Strings, joined. */
  readonly concatStringsSep: NixFunction<
    (separator: unknown, strings: readonly unknown[] | Expression) => NixProxy
  >;
  /** The attributes with every value changed. */
  readonly mapAttrs: NixFunction<
    (change: (name: NixProxy, value: NixProxy) => unknown, set: unknown) => NixProxy
  >;
  /** The attributes as a list. */
  readonly mapAttrsToList: NixFunction<
    (change: (name: NixProxy, value: NixProxy) => unknown, set: unknown) => NixProxy
  >;
}
