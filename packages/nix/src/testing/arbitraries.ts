import fc from "fast-check";

/** Pieces that mean something to Nix' lexer, next to each other in every way. */
const PIECES = [
  "${",
  "$",
  "{",
  "}",
  "''",
  "'",
  '"',
  "\\",
  "\n",
  "\n\n",
  " ",
  "   ",
  "\t",
  "\r",
  "\r\n",
  "#",
  "/*",
  "é",
  "𝒳",
  "\u0001",
  "\u007f",
  "\ufeff",
  "\u2028",
  "a",
  "n",
  "t",
  "bc d",
  ";",
  "//",
];

const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((parts) => parts.join(""));

/** Lines like those of scripts and configuration files, often indented. */
const lines = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "", "  ", "    ", "\t"),
      fc.constantFrom("", "if x; then", "'$HOME'", "''", "${x}", "fi", "'", "$"),
    ),
    { minLength: 2, maxLength: 6 },
  )
  .chain((all) =>
    fc.boolean().map((ends) => all.map((parts) => parts.join("")).join("\n") + (ends ? "\n" : "")),
  );

/** Any text that Nix can hold. */
export const text: fc.Arbitrary<string> = fc
  .oneof(fc.string({ unit: "binary", maxLength: 30 }), fc.string({ maxLength: 20 }), pieces, lines)
  .map((each) => each.replaceAll("\0", ""));

/** Any attribute name. */
export const name: fc.Arbitrary<string> = fc.oneof(
  text,
  fc.constantFrom(
    "if",
    "then",
    "else",
    "assert",
    "with",
    "let",
    "in",
    "rec",
    "inherit",
    "or",
    "__proto__",
    "constructor",
    "",
    "true",
    "null",
    "a'b",
    "a-b",
    "-a",
    "1",
    "_",
    "a.b",
    "${a}",
  ),
);

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(
    0,
    -0,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    2.225073858507201e-308,
    1.7976931348623157e308,
    2 ** 53,
    -(2 ** 53),
    2 ** 63,
    1e21,
    0.1,
    1e-7,
  ),
);

/** Any value that JSON and Nix both have. */
export const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4 }),
  ),
})).value;
