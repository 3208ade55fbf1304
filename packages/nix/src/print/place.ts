import type { Guard } from "../guard.js";
import type { Path } from "../option-path.js";
import type { Doc } from "./doc.js";
import type { Scope } from "./scope.js";

/** What one run of the printer shares. */
export interface PrintRun {
  readonly guard: Guard;
  /** Where relative paths start, from the directory of the printed file: `.` or for example `../..`. */
  readonly pathPrefix: string;
  /** See `PrintOptions`. */
  readonly source: ((path: string, option: Path) => string | undefined) | undefined;
  /** Names from outside that the text uses. */
  readonly globals: Set<string>;
  /** Module arguments beyond NixOS' own. */
  readonly extraArguments: ReadonlySet<string>;
  /** Whether the document is to tell where the values of options start. */
  readonly marks: boolean;
}

/** Where the printer is. */
export interface Place {
  readonly run: PrintRun;
  readonly path: Path;
  readonly scope: Scope;
  /** Inside of an expression, where no option's value stands. */
  readonly inner?: boolean;
}

/** The place of a child with this name or index. */
export function below(place: Place, part: string | number): Place {
  return { ...place, path: [...place.path, part] };
}

/** The same place, for what is a part of an expression and no option's value. */
export function within(place: Place): Place {
  return place.inner ? place : { ...place, inner: true };
}

/** The document of an option's value, with marks at both ends where marks are asked for. */
export function marked(value: unknown, place: Place, doc: Doc): Doc {
  if (!place.run.marks || place.inner) return doc;
  const mark = { path: place.path, value };
  return [{ kind: "mark", mark, end: false }, doc, { kind: "mark", mark, end: true }];
}
