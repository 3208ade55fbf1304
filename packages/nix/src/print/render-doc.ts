import { type Doc, isList, type Mark } from "./doc.js";

interface Command {
  readonly indentation: number;
  readonly flat: boolean;
  readonly doc: Doc;
}

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Lays a document out as text of at most `width` columns, where it can. No line gets trailing spaces of the layout's own.
 *
 * @param onMark is told where each mark is
 */
export function renderDoc(
  root: Doc,
  width: number,
  onMark?: (mark: Mark, end: boolean, at: Position) => void,
): string {
  const out: string[] = [];
  let column = 0;
  let row = 1;
  let pendingIndentation = 0;
  const stack: Command[] = [{ indentation: 0, flat: false, doc: root }];
  const emit = (text: string) => {
    if (text === "") return;
    if (pendingIndentation > 0) out.push(" ".repeat(pendingIndentation));
    pendingIndentation = 0;
    out.push(text);
    column += text.length;
  };
  const newline = (indentation: number) => {
    out.push("\n");
    row += 1;
    pendingIndentation = indentation;
    column = indentation;
  };
  for (let command = stack.pop(); command; command = stack.pop()) {
    const { indentation, flat, doc } = command;
    if (typeof doc === "string") emit(doc);
    else if (isList(doc))
      for (let index = doc.length - 1; index >= 0; index--)
        stack.push({ indentation, flat, doc: doc[index] as Doc });
    else if (doc.kind === "indent") stack.push({ indentation: indentation + doc.by, flat, doc: doc.content });
    else if (doc.kind === "group") {
      const content = { indentation, flat: true, doc: doc.content };
      const fitsHere = flat || (!doc.breaks && fits(content, stack, width - column));
      stack.push(fitsHere ? content : { indentation, flat: false, doc: doc.content });
    } else if (doc.kind === "verbatim") {
      emit(doc.text);
      const lastBreak = doc.text.lastIndexOf("\n");
      row += doc.text.split("\n").length - 1;
      if (lastBreak >= 0) column = doc.text.length - lastBreak - 1;
    } else if (doc.kind === "mark") onMark?.(doc.mark, doc.end, { line: row, column: column + 1 });
    else if (doc.kind === "line" && flat) emit(doc.flat);
    else newline(indentation);
  }
  return out.join("");
}

/** Whether `next`, and what follows it up to the next line break, fits into `room` columns. */
function fits(next: Command, rest: readonly Command[], room: number): boolean {
  let left = room;
  let restIndex = rest.length;
  const stack: { flat: boolean; doc: Doc }[] = [next];
  while (left >= 0) {
    const command = stack.pop() ?? rest[--restIndex];
    if (!command) return true;
    const { flat, doc } = command;
    if (typeof doc === "string") left -= doc.length;
    else if (isList(doc))
      for (let index = doc.length - 1; index >= 0; index--) stack.push({ flat, doc: doc[index] as Doc });
    else if (doc.kind === "indent") stack.push({ flat, doc: doc.content });
    else if (doc.kind === "group") stack.push({ flat: flat && !doc.breaks, doc: doc.content });
    else if (doc.kind === "verbatim") {
      const firstBreak = doc.text.indexOf("\n");
      if (firstBreak >= 0) return left - firstBreak >= 0;
      left -= doc.text.length;
    } else if (doc.kind === "line" && flat) left -= doc.flat.length;
    else if (doc.kind !== "mark") return true;
  }
  return false;
}
