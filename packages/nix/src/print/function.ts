import type { Node } from "../expression.js";
import { usedNames } from "../used-names.js";
import { printAttributeName } from "./attribute-name.js";
import { type Doc, group, hardline, indent, join, line } from "./doc.js";
import { type Place, within } from "./place.js";
import { OPEN, type Printed } from "./printed.js";
import { printAny, printBinding } from "./value.js";

/** Prints a lambda with the parameter's name as close to the JavaScript one as the body allows. */
export function printLambda(node: Node & { kind: "lambda" }, place: Place): Printed {
  const { parameter } = node;
  const binders = parameter.kind === "name" ? [parameter.binder] : parameter.names.map((name) => name.binder);
  const scope =
    parameter.kind === "name"
      ? place.scope.withFresh(binders, usedNames(node.body))
      : place.scope.withExact(binders);
  const inner = within({ ...place, scope });
  const head: Doc =
    parameter.kind === "name"
      ? scope.name(parameter.binder, place.path)
      : group([
          "{",
          indent([
            line,
            join([",", line], [...parameter.names.map((name) => printPatternName(name, inner)), "..."]),
          ]),
          line,
          "}",
        ]);
  const body = printAny(node.body, inner);
  const doc = body.hugs ? [head, ": ", body.doc] : group([head, ":", indent([line, body.doc])]);
  return { doc, level: OPEN, hugs: true };
}

function printPatternName(
  name: { binder: { hint: string }; fallback?: { value: unknown } },
  place: Place,
): Doc {
  const shown = printAttributeName(name.binder.hint);
  return name.fallback ? [shown, " ? ", printAny(name.fallback.value, place).doc] : shown;
}

/** Prints `let … in …`; every name is visible in every binding, so no binding's own text may mean another one. */
export function printLet(node: Node & { kind: "let" }, place: Place): Printed {
  if (node.bindings.length === 0) return printAny(node.body, place);
  const avoid = new Set([
    ...node.bindings.flatMap((binding) => [...usedNames(binding.value)]),
    ...usedNames(node.body),
  ]);
  const scope = place.scope.withFresh(
    node.bindings.map((binding) => binding.binder),
    avoid,
  );
  const inner = { ...place, scope };
  const bindings = node.bindings.map(({ binder, value }) =>
    printBinding(scope.name(binder, place.path), value, within(inner)),
  );
  const doc = [
    "let",
    indent([hardline, join(hardline, bindings)]),
    hardline,
    "in",
    hardline,
    printAny(node.body, inner).doc,
  ];
  return { doc: group(doc), level: OPEN, hugs: false };
}
