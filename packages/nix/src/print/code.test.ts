import { test } from "vitest";
import { nix } from "../template.js";
import { nixSource, type Piece } from "../testing/nix-source.js";
import { checkRoundTrip } from "../testing/round-trip.js";
import { HOLE } from "../tokens.js";
import { print } from "./print.js";

/** What Nix itself makes of the source, with its own interpolation in place of the holes. */
function reference(source: readonly Piece[]): string {
  return source
    .map((piece, index) => {
      if (typeof piece !== "string") {
        const value = `(builtins.fromJSON ${JSON.stringify(JSON.stringify(piece.hole)).replaceAll("$", "\\$")})`;
        return piece.in === "code" ? value : `\${toString ${value}}`;
      }
      const next = source[index + 1];
      if (next === undefined || typeof next === "string" || next.in === "code" || !/^\$+$/.test(piece))
        return piece;
      return `${piece.slice(0, -1)}${next.in === "quoted" ? "\\$" : "''$"}`;
    })
    .join("");
}

function template(source: readonly Piece[]): unknown {
  const texts = source
    .map((piece) => (typeof piece === "string" ? piece : HOLE))
    .join("")
    .split(HOLE);
  const holes = source.flatMap((piece) => (typeof piece === "string" ? [] : [piece.hole]));
  return nix(Object.assign(texts, { raw: texts }), ...holes);
}

test("Nix text with holes means what it meant, wherever it is printed", () => {
  const toCase = (source: readonly Piece[]) => {
    const code = template(source);
    const printed = print({ deep: { list: [code, { a: code, b: code }] }, z: code });
    const same = `
      let r = ${reference(source)}
      ; p = ${printed}; in
      p == { deep.list = [ r { a = r; b = r; } ]; z = r; }`;
    return { text: same, expected: true };
  };
  checkRoundTrip(nixSource, toCase, new URL("../__cases__/code.json", import.meta.url));
});
