import type { NixAttributes, NixFunction, NixProxy } from "./proxy-types.js";

/**
 * The functions of nixpkgs' `lib` that NixOS configurations use most, for completion; every other one is there too,
 * untyped. Values may be plain or expressions.
 */
export interface NixLib extends NixAttributes {
  /** Defines the options in `content` only where `condition` holds. */
  readonly mkIf: NixFunction<(condition: unknown, content: unknown) => NixProxy>;
  /** Several definitions of the same option or options. */
  readonly mkMerge: NixFunction<(definitions: readonly unknown[] | NixProxy) => NixProxy>;
  /** A value that every ordinary definition overrides. */
  readonly mkDefault: NixFunction<(content: unknown) => NixProxy>;
  /** A value that overrides every ordinary definition. */
  readonly mkForce: NixFunction<(content: unknown) => NixProxy>;
  /** A definition with a priority: the lowest number wins; ordinary definitions have 100. */
  readonly mkOverride: NixFunction<(priority: number, content: unknown) => NixProxy>;
  /** List elements or lines before the others. */
  readonly mkBefore: NixFunction<(content: unknown) => NixProxy>;
  /** List elements or lines after the others. */
  readonly mkAfter: NixFunction<(content: unknown) => NixProxy>;
  /** List elements or lines at a position: the default is 1000, `mkBefore` is 500, `mkAfter` 1500. */
  readonly mkOrder: NixFunction<(position: number, content: unknown) => NixProxy>;
  /** Path of a package's main program. */
  readonly getExe: NixFunction<(pkg: NixProxy) => NixProxy>;
  /** Path of a package's program of this name. */
  readonly "getExe'": NixFunction<(pkg: NixProxy, program: unknown) => NixProxy>;
  /** A word for the shell, quoted. */
  readonly escapeShellArg: NixFunction<(word: unknown) => NixProxy>;
  /** Words for the shell, each quoted, with spaces between. */
  readonly escapeShellArgs: NixFunction<(words: readonly unknown[] | NixProxy) => NixProxy>;
  /** `[ value ]` or `[ ]`. */
  readonly optional: NixFunction<(condition: unknown, value: unknown) => NixProxy>;
  /** `list` or `[ ]`. */
  readonly optionals: NixFunction<(condition: unknown, list: readonly unknown[] | NixProxy) => NixProxy>;
  /** `set` or `{ }`. */
  readonly optionalAttrs: NixFunction<(condition: unknown, set: unknown) => NixProxy>;
  /** `text` or `""`. */
  readonly optionalString: NixFunction<(condition: unknown, text: unknown) => NixProxy>;
  /** Strings, joined. */
  readonly concatStringsSep: NixFunction<
    (separator: unknown, strings: readonly unknown[] | NixProxy) => NixProxy
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
