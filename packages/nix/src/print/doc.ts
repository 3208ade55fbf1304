import type { Path } from "../option-path.js";

/**
 * Text with possible line breaks. A group is printed on one line where it fits, else its `line`s become line breaks.
 */
export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: "line"; readonly flat: " " | "" }
  | { readonly kind: "hardline" }
  | { readonly kind: "indent"; readonly by: number; readonly content: Doc }
  | { readonly kind: "group"; readonly content: Doc; readonly breaks: boolean }
  /** Text that may span lines and must not be indented. */
  | { readonly kind: "verbatim"; readonly text: string }
  /** Nothing: tells where the value of an option starts or ends. */
  | { readonly kind: "mark"; readonly mark: Mark; readonly end: boolean };

/** A value and its place in the configuration. */
export interface Mark {
  readonly path: Path;
  readonly value: unknown;
}

/** A space, or a line break where the group does not fit. */
export const line: Doc = { kind: "line", flat: " " };
/** Nothing, or a line break where the group does not fit. */
export const softline: Doc = { kind: "line", flat: "" };
/** Always a line break; every group around it breaks. */
export const hardline: Doc = { kind: "hardline" };

/** Line breaks inside `content` are indented by two more spaces, or by as many as given. */
export function indent(content: Doc, by = 2): Doc {
  return { kind: "indent", by, content };
}

/** `content` on one line if it fits. */
export function group(content: Doc): Doc {
  return { kind: "group", content, breaks: hasBreak(content) };
}

/** Text that is kept to the letter, line breaks included. */
export function verbatim(text: string): Doc {
  return { kind: "verbatim", text };
}

/** `docs` with `separator` between them. */
export function join(separator: Doc, docs: readonly Doc[]): Doc {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]));
}

/** Whether a document cannot stand on one line. */
export function hasBreak(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  if (isList(doc)) return doc.some(hasBreak);
  switch (doc.kind) {
    case "line":
    case "mark":
      return false;
    case "hardline":
      return true;
    case "indent":
      return hasBreak(doc.content);
    case "group":
      return doc.breaks;
    case "verbatim":
      return doc.text.includes("\n");
  }
}

/** Columns of a document on one line; infinite where it cannot stand on one. */
export function flatWidth(doc: Doc): number {
  if (typeof doc === "string") return doc.length;
  if (isList(doc)) return doc.reduce((sum: number, each) => sum + flatWidth(each), 0);
  if (hasBreak(doc)) return Number.POSITIVE_INFINITY;
  if (doc.kind === "line") return doc.flat.length;
  if (doc.kind === "verbatim") return doc.text.length;
  return doc.kind === "hardline" || doc.kind === "mark" ? 0 : flatWidth(doc.content);
}

/** Whether a document is a sequence. */
export function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}
