import fc from "fast-check";
import { text } from "./arbitraries.js";

/** A piece of Nix source: text, or a hole with the value that stands in it. */
export type Piece = string | { readonly hole: string | number; readonly in: "code" | "quoted" | "indented" };

const space = fc.constantFrom(
  " ",
  " ",
  " ",
  "\n",
  "\n  ",
  "\n      ",
  "\n\n    ",
  " # it's \"${\n    ",
  " /* ''\n */ ",
  "\t",
);

const holeValue = fc.oneof(text, fc.nat(99), fc.constantFrom("{a", "$", "", " ", "\n", "'", "''", "\\"));

function holeIn(context: "code" | "quoted" | "indented"): fc.Arbitrary<Piece> {
  return holeValue.map((hole) => ({ hole, in: context }));
}

function pieces(...parts: fc.Arbitrary<Piece | readonly Piece[]>[]): fc.Arbitrary<readonly Piece[]> {
  return fc.tuple(...parts).map((all) => all.flat() as Piece[]);
}

const fixed = (part: string) => fc.constant(part);

/** Nix expressions that evaluate to strings, lists and sets, laid out in every way a person would not. */
export const nixSource: fc.Arbitrary<readonly Piece[]> = fc.letrec<{ source: readonly Piece[] }>((tie) => {
  const source = tie("source");
  const interpolated = pieces(fixed("${toString ("), source, fixed(")}"));
  const quotedPart = fc.oneof(
    fc.constantFrom(
      "a",
      " ",
      "  ",
      "\n",
      "\\n",
      '\\"',
      "$a",
      "$$",
      "$'",
      "\\${",
      "'",
      "''",
      "#",
      "//",
      "./x",
      "{",
      "}",
      "\\\\",
      "é",
    ),
    holeIn("quoted"),
    pieces(fixed("$"), holeIn("quoted")),
    interpolated,
  );
  const indentedPart = fc.oneof(
    fc.constantFrom(
      "a",
      " ",
      "  ",
      "\n",
      "\n  ",
      "\n    ",
      "\n\n      ",
      "\t",
      "''\\n",
      "'''",
      "''$",
      "''${",
      "''\\ ",
      "$ ",
      "$$",
      "' ",
      "'x",
      '"',
      "#",
      "{",
      "}",
      "\\",
      "\n \n",
      "é",
    ),
    holeIn("indented"),
    pieces(fixed("$"), holeIn("indented")),
    interpolated,
  );
  const many = (part: fc.Arbitrary<Piece | readonly Piece[]>) =>
    fc.array(part, { maxLength: 7 }).map((all) => all.flat() as Piece[]);
  const quoted = pieces(fixed('"'), many(quotedPart), fixed('"'));
  const opening = fc.constantFrom("''", "''\n", "''\n      ", "''  \n    ", "'' a\n  ");
  const indented = pieces(opening, many(indentedPart), fc.constantFrom("''", "\n''", "\n    ''"));
  return {
    source: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.oneof(
        fc.nat(9).map((n): Piece[] => [String(n)]),
        holeIn("code").map((hole): Piece[] => [hole]),
      ),
      quoted,
      indented,
      indented,
      pieces(fixed("[ ("), space, source, fixed(") ("), source, fixed(")"), space, fixed("]")),
      pieces(fixed("{"), space, fixed("a ="), space, source, fixed(";"), space, fixed("}.a")),
      pieces(fixed("let"), space, fixed("y ="), space, source, fixed(";"), space, fixed("in"), space, source),
      pieces(fixed("(x: x)"), space, fixed("("), source, fixed(")")),
      pieces(fixed("if true then"), space, source, space, fixed("else"), space, source),
    ) as fc.Arbitrary<readonly Piece[]>,
  };
}).source;
