import type { Guard } from "../guard.js";
import type { Path } from "../option-path.js";
import type { Scope } from "./scope.js";

/** What one run of the printer shares. */
export interface PrintRun {
  readonly guard: Guard;
  /** Where relative paths start, from the directory of the printed file: `.` or for example `../..`. */
  readonly pathPrefix: string;
  /** Names from outside that the text uses. */
  readonly globals: Set<string>;
  /** Module arguments beyond NixOS' own. */
  readonly extraArguments: ReadonlySet<string>;
}

/** Where the printer is. */
export interface Place {
  readonly run: PrintRun;
  readonly path: Path;
  readonly scope: Scope;
}

/** The place of a child with this name or index. */
export function below(place: Place, part: string | number): Place {
  return { ...place, path: [...place.path, part] };
}
