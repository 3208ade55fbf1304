import type { Doc } from "./doc.js";

/** How tightly printed text holds together; operators lie between {@link OPEN} and {@link APPLICATION}. */
export const ATOM = 100;
export const SELECTION = 90;
export const APPLICATION = 80;
export const OPEN = 0;

/** A printed expression. */
export interface Printed {
  readonly doc: Doc;
  /** Stands without parentheses where at most this much is asked for. */
  readonly level: number;
  /** Starts well on the line of what it belongs to, as in `name = {`. */
  readonly hugs: boolean;
}

/** What never breaks in two, or breaks inside brackets of its own. */
export function atom(doc: Doc): Printed {
  return { doc, level: ATOM, hugs: true };
}

/** The document, in parentheses where `printed` is looser than `level`. */
export function atLevel(printed: Printed, level: number): Doc {
  return printed.level >= level ? printed.doc : parenthesised(printed);
}

/** The document in parentheses. */
export function parenthesised(printed: Printed): Doc {
  return ["(", printed.doc, ")"];
}
