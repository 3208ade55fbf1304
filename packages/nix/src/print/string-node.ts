import { NixValueError } from "../errors.js";
import { type Expression, type Node, nodeOf } from "../expression.js";
import { classify } from "../value.js";
import type { Place } from "./place.js";
import { atom, type Printed } from "./printed.js";
import { printString, type Segment } from "./string.js";
import { printAny } from "./value.js";

/** Prints what str`…` made. */
export function printStringNode(node: Node & { kind: "string" }, place: Place): Printed {
  return atom(printString(stringSegments(node, place)));
}

function stringSegments(node: Node & { kind: "string" }, place: Place): Segment[] {
  return node.texts.flatMap((text, index): Segment[] => {
    classify(text, place.path); // finds what no Nix string can hold
    return index < node.holes.length ? [text, ...holeSegments(node.holes[index], place)] : [text];
  });
}

/** A value inside a string: text as it is, an expression interpolated. */
export function holeSegments(hole: unknown, place: Place): Segment[] {
  const classified = classify(hole, place.path);
  if (classified.kind === "string") return [classified.value];
  if (classified.kind === "number") return [String(classified.value)];
  if (classified.kind !== "expression") throw notText(classified.kind, place);
  const node = nodeOf(classified.value as Expression);
  if (node.kind === "string")
    return place.run.guard.inside(hole, place.path, () => stringSegments(node, place));
  return [{ interpolated: printAny(hole, place).doc }];
}

function notText(kind: "null" | "boolean" | "list" | "set", place: Place): NixValueError {
  const found = kind === "set" ? "an attribute set" : kind === "null" ? "null" : `a ${kind}`;
  return new NixValueError(
    place.path,
    `text with ${found} in it`,
    "Only strings, numbers and Nix expressions can stand in text.",
  );
}
