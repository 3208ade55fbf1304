import type { NixProxy } from "./proxy.js";

/**
 * The functions of nixpkgs' `lib` that NixOS configurations use most, for completion; every other one is there too,
 * untyped. Values may be plain or expressions.
 */
export interface NixLib extends NixProxy {
  /** Defines the options in `content` only where `condition` holds. */
  mkIf(condition: unknown, content: unknown): NixProxy;
  /** Several definitions of the same option or options. */
  mkMerge(definitions: readonly unknown[] | NixProxy): NixProxy;
  /** A value that every ordinary definition overrides. */
  mkDefault(content: unknown): NixProxy;
  /** A value that overrides every ordinary definition. */
  mkForce(content: unknown): NixProxy;
  /** A definition with a priority: the lowest number wins; ordinary definitions have 100. */
  mkOverride(priority: number, content: unknown): NixProxy;
  /** List elements or lines before the others. */
  mkBefore(content: unknown): NixProxy;
  /** List elements or lines after the others. */
  mkAfter(content: unknown): NixProxy;
  /** List elements or lines at a position: the default is 1000, `mkBefore` is 500, `mkAfter` 1500. */
  mkOrder(position: number, content: unknown): NixProxy;
  /** Path of a package's main program. */
  getExe(pkg: NixProxy): NixProxy;
  /** Path of a package's program of this name. */
  "getExe'"(pkg: NixProxy, program: unknown): NixProxy;
  /** A word for the shell, quoted. */
  escapeShellArg(word: unknown): NixProxy;
  /** Words for the shell, each quoted, with spaces between. */
  escapeShellArgs(words: readonly unknown[] | NixProxy): NixProxy;
  /** `[ value ]` or `[ ]`. */
  optional(condition: unknown, value: unknown): NixProxy;
  /** `list` or `[ ]`. */
  optionals(condition: unknown, list: readonly unknown[] | NixProxy): NixProxy;
  /** `set` or `{ }`. */
  optionalAttrs(condition: unknown, set: unknown): NixProxy;
  /** `text` or `""`. */
  optionalString(condition: unknown, text: unknown): NixProxy;
  /** Strings, joined. */
  concatStringsSep(separator: unknown, strings: readonly unknown[] | NixProxy): NixProxy;
  /** The attributes with every value changed. */
  mapAttrs(change: ((name: NixProxy, value: NixProxy) => unknown) | NixProxy, set: unknown): NixProxy;
  /** The attributes as a list. */
  mapAttrsToList(change: ((name: NixProxy, value: NixProxy) => unknown) | NixProxy, set: unknown): NixProxy;
}
