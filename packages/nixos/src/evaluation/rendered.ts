import { join, relative } from "node:path";
import { isExpression, type ModuleLine, type Path } from "@firn/nix";
import type { NixPlace } from "./explain.js";
import { linesOf, type ModuleFile, moduleFiles } from "./module-files.js";
import type { NetworkEvaluationRequest } from "./network.js";

/** A rendered module file of a machine, and what stands where in it. */
export interface Rendered {
  /** Absolute. */
  readonly path: string;
  readonly file: ModuleFile;
  readonly lines: readonly ModuleLine[];
}

/** A value in a rendered file. */
export interface Match {
  readonly file: Rendered;
  readonly entry: ModuleLine;
}

/** The rendered module files that a machine has, its network's included. */
export function renderedOf(
  machine: string,
  request: NetworkEvaluationRequest,
  directory: string,
): Rendered[] {
  const toRoot = relative(directory, request.root);
  return moduleFiles(request)
    .filter((file) => file.machine === undefined || file.machine === machine)
    .map((file) => ({ path: join(directory, file.name), file, lines: linesOf(file, request.root, toRoot) }));
}

/** The value that a place is in: the innermost one. */
export function valueAt(place: NixPlace, rendered: readonly Rendered[]): Match | undefined {
  const file = rendered.find((each) => each.path === place.file);
  const { line, column = 1 } = place;
  if (!file || line === undefined) return undefined;
  const entry = file.lines.findLast(
    (each) =>
      (each.line < line || (each.line === line && each.column <= column)) &&
      (each.end.line > line || (each.end.line === line && each.end.column > column)),
  );
  return entry && { file, entry };
}

/** What a file says of an option: its values, the elements of its list, or the expression that has it inside. */
export function valuesOf(path: Path, file: Rendered): Match[] {
  const at = (wanted: Path) =>
    file.lines.filter((each) => each.path.length === wanted.length && isPrefix(wanted, each.path));
  const whole = at(path);
  // Which of several lists an element is in, nobody knows.
  if (whole.length === 1 || (whole.length > 0 && typeof path.at(-1) !== "number"))
    return whole.map((entry) => ({ file, entry }));
  for (let length = path.length - 1; length > 0; length--) {
    const element = typeof path[length] === "number";
    const around = at(path.slice(0, length)).filter((each) => element || isExpression(each.value));
    if (around.length > 0) return around.map((entry) => ({ file, entry }));
  }
  return [];
}

export function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.every((part, index) => part === path[index]);
}
