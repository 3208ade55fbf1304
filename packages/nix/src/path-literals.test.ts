import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lex } from "./lexer.js";
import { pathLiterals, rebasePaths } from "./path-literals.js";

test.each<[string, string[]]>([
  ["./x", ["relative ./x"]],
  ["[ ./. ../. .. ../x/y.nix ]", ["relative ./.", "relative ../.", "relative ../x/y.nix"]],
  ["import ./a b", ["relative ./a"]],
  ["foo/bar + a/b.c", ["relative foo/bar", "relative a/b.c"]],
  [
    "/etc/passwd ~/x <nixpkgs> <nixpkgs/nixos>",
    ["absolute /etc/passwd", "home ~/x", "search <nixpkgs>", "search <nixpkgs/nixos>"],
  ],
  ["./a/${b}", ["relative ./a/${b}"]],
  [
    './a/${b}/c/${"./no" + { x = ./yes; }.x}.nix d',
    ['relative ./a/${b}/c/${"./no" + { x = ./yes; }.x}.nix', "relative ./yes"],
  ],
  ["~/${b}", ["home ~/${b}"]],
  ['"./x ${./y} ./z"', ["relative ./y"]],
  ["''\n ./x ''${./n} ${./y} ''' ./z $${./n}''", ["relative ./y"]],
  ['"\\${./n} $${./n} \\"" + ./x', ["relative ./x"]],
  ["# ./x\n/* ./y */ ./z # ./w", ["relative ./z"]],
  ["https://example.org/a/b", []],
  ["[ a / b (a) // b a <b >c ]", []],
  ["a.b.c", []],
  ["1 / 2", []],
  ["x: ./y", ["relative ./y"]],
  ["{ a ? ./b }: a", ["relative ./b"]],
  ["./a-b_c+d.e(f)", ["relative ./a-b_c+d.e"]],
])("path literals of %s", (source, expected) => {
  expect(pathLiterals(source).map((found) => `${found.kind} ${found.text}`)).toEqual(expected);
  for (const { start, end, text } of pathLiterals(source)) expect(source.slice(start, end)).toBe(text);
  expect(
    lex(source)
      .map((token) => token.text)
      .join(""),
  ).toBe(source);
});

test("relative paths follow the text, all else stays", () => {
  const source = 'f ./shop.nix ../up.nix a/b ././c "./x ${./d}" ./e/${g}/h /abs <nixpkgs> # ./i';
  expect(rebasePaths(source, ".", ".firn/dev")).toBe(
    'f ../../shop.nix ../../../up.nix ../../a/b ../../c "./x ${../../d}" ../../e/${g}/h /abs <nixpkgs> # ./i',
  );
  expect(rebasePaths(source, "/work/shop", "/work/shop")).toBe(source);
  expect(rebasePaths("./x", "a/b", "a")).toBe("./b/x");
  expect(rebasePaths("./x", "sub", ".")).toBe("./sub/x");
  expect(rebasePaths("./x/${y}/z ./.", "my shop", ".")).toBe(
    '(./. + "/my shop/x/${y}/z") (./. + "/my shop/.")',
  );
});

test("moved text reads the same files", () => {
  const root = mkdtempSync(join(tmpdir(), "firn-paths-"));
  for (const directory of ["from a$b", "to/deep", "plain"])
    mkdirSync(join(root, directory), { recursive: true });
  for (const directory of ["from a$b", "plain"]) writeFileSync(join(root, directory, "x.nix"), "42");
  const source =
    'let n = "x"; in [ (import ./x.nix) (import ./${n}.nix) (import (./. + "/x.nix")) (import ./../plain/x.nix) ]';
  for (const from of ["from a$b", "plain"]) {
    for (const to of [".", "to/deep", "from a$b"]) {
      writeFileSync(join(root, to, "moved.nix"), rebasePaths(source, join(root, from), join(root, to)));
      const args = ["--store", "dummy://", "--eval", "--strict", "--json", join(root, to, "moved.nix")];
      const { stdout, stderr } = spawnSync("nix-instantiate", args, { encoding: "utf8" });
      expect((stdout + stderr).trim()).toBe("[42,42,42,42]");
    }
  }
});

test.each<[string, RegExp]>([
  ["(a", /`\(` is never closed, in line 1/],
  ["a\n)", /`\)` closes nothing, in line 2/],
  ["[ a }", /`}` stands where `\]` has to close `\[`/],
  ['"abc', /`"` is never closed/],
  ["''abc'", /`''` is never closed/],
  ['"${a"', /`"` is never closed|`\$\{` is never closed/],
  ["/* a", /`\/\*` is never closed/],
  ["a ^ b", /`\^` is not a character that Nix knows here/],
  ["é", /`é` is not a character/],
])("%s is refused", (source, message) => {
  expect(() => lex(source)).toThrow(message);
});
