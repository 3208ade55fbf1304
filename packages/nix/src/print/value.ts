import { isExpression, nodeOf } from "../expression.js";
import { classify } from "../value.js";
import { printAttributeName } from "./attribute-name.js";
import { type Doc, group, hardline, indent, join, line } from "./doc.js";
import { printExpression } from "./expression.js";
import { printNumber } from "./number.js";
import { below, marked, type Place } from "./place.js";
import { ATOM, atLevel, atom, OPEN, type Printed, SELECTION } from "./printed.js";
import { printString } from "./string.js";

/** Prints any value or expression. */
export function printAny(value: unknown, place: Place): Printed {
  const classified = classify(value, place.path);
  switch (classified.kind) {
    case "null":
      return atom("null");
    case "boolean":
      return atom(String(classified.value));
    case "number": {
      const { text, compound } = printNumber(classified.value);
      return { doc: text, level: compound ? OPEN : ATOM, hugs: true };
    }
    case "string":
      return atom(printString([classified.value]));
    case "expression":
      return place.run.guard.inside(classified.value, place.path, () =>
        printExpression(classified.value, place),
      );
    case "list":
      return place.run.guard.inside(value, place.path, () => printList(classified.value, place));
    case "set":
      return place.run.guard.inside(value, place.path, () => printSet(classified.value, place, false));
  }
}

function printList(elements: readonly unknown[], place: Place): Printed {
  return layOutList(elements.map((element, index) => printElement(element, below(place, index))));
}

/** An element of a list. */
export function printElement(element: unknown, place: Place): Doc {
  return marked(element, place, atLevel(printAny(element, place), SELECTION));
}

/** A list of printed elements. */
export function layOutList(docs: readonly Doc[]): Printed {
  if (docs.length === 0) return atom("[ ]");
  return atom(group(["[", indent([line, join(line, docs)]), line, "]"]));
}

/** A set; `open` puts every binding on its own line. Names are sorted, so that equal sets give equal text. */
export function printSet(set: Readonly<Record<string, unknown>>, place: Place, open: boolean): Printed {
  const names = Object.keys(set).sort();
  if (names.length === 0) return atom("{ }");
  const bindings = names.map((name) => printAttribute(name, set[name], below(place, name)));
  const separator = open ? hardline : line;
  return atom(group(["{", indent([separator, join(separator, bindings)]), separator, "}"]));
}

/** A binding of a set, or `inherit name;` where it passes a variable on under its own name. */
function printAttribute(name: string, value: unknown, place: Place): Doc {
  const shown = printAttributeName(name);
  const kind = isExpression(value) ? nodeOf(value).kind : undefined;
  const passedOn = (kind === "bound" || kind === "global") && printAny(value, place).doc === name;
  return marked(value, place, passedOn ? `inherit ${shown};` : printBinding(shown, value, place));
}

/** `name = value;`. Sets of one name are pulled into the name: `a.b.c = value;`. */
export function printBinding(name: string, value: unknown, place: Place): Doc {
  const only = isExpression(value) ? undefined : onlyName(value, place);
  if (only !== undefined) {
    const child = (value as Readonly<Record<string, unknown>>)[only];
    const inner = below(place, only);
    const print = () => printBinding(`${name}.${printAttributeName(only)}`, child, inner);
    return place.run.guard.inside(value, place.path, () => marked(child, inner, print()));
  }
  const classified = classify(value, place.path);
  const printed =
    classified.kind === "set"
      ? place.run.guard.inside(value, place.path, () => printSet(classified.value, place, true))
      : printAny(value, place);
  return printed.hugs
    ? [name, " = ", printed.doc, ";"]
    : group([name, " =", indent([line, printed.doc]), ";"]);
}

function onlyName(value: unknown, place: Place): string | undefined {
  const classified = classify(value, place.path);
  if (classified.kind !== "set") return undefined;
  const names = Object.keys(classified.value);
  return names.length === 1 ? names[0] : undefined;
}
