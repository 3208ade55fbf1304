import { posix } from "node:path";
import { Guard } from "../guard.js";
import type { Path } from "../option-path.js";
import { withoutSlash } from "./path.js";
import type { Place, PrintRun } from "./place.js";
import { renderDoc } from "./render-doc.js";
import { Scope } from "./scope.js";
import { printAny } from "./value.js";

/** Columns that a line may have. */
export const WIDTH = 100;

export interface PrintOptions {
  /**
   * Way from the directory of the printed file to the project root, for example `../..`; relative paths in Nix text and
   * in `path()` start there. Default `.`.
   */
  readonly pathPrefix?: string;
  /**
   * The Nix file, relative to the printed one, whose value stands for a path; undefined where the path itself does.
   *
   * @param path as `path()` got it
   * @param option where it stands
   */
  readonly source?: (path: string, option: Path) => string | undefined;
}

/**
 * A value or expression as formatted Nix text, without a line break at its end. Equal values give equal text.
 *
 * @throws {@link NixValueError} naming the place of what Nix cannot hold
 */
export function print(value: unknown, options: PrintOptions = {}): string {
  return renderDoc(printAny(value, startOf(newRun(options))).doc, WIDTH);
}

/** A fresh run of the printer. */
export function newRun(
  options: PrintOptions & { readonly args?: readonly string[] },
  marks = false,
): PrintRun {
  return {
    guard: new Guard(),
    source: options.source,
    pathPrefix: withoutSlash(posix.normalize(options.pathPrefix || ".")),
    globals: new Set(),
    extraArguments: new Set(options.args),
    marks,
  };
}

/** The root of the tree. */
export function startOf(run: PrintRun): Place {
  return { run, path: [], scope: Scope.empty };
}
