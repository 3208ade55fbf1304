import { expect, test } from "vitest";
import { config, lib, pkgs } from "./globals.js";
import { op } from "./op.js";
import { path } from "./path.js";
import { print } from "./print/print.js";
import { nix, str } from "./template.js";
import { evaluate } from "./testing/evaluate.js";

test.each<[string, unknown, string]>([
  [
    "plain values",
    nix`f ${1} ${-1} ${"a b"} ${[1]} ${{ a: 1 }} ${null}`,
    'f 1 (-1) "a b" [ 1 ] { a = 1; } null',
  ],
  ["expressions", nix`f ${pkgs.hello} ${lib.g(1)} ${nix`a + b`}`, "f pkgs.hello (lib.g 1) (a + b)"],
  ["one hole alone", nix` ${op.concat([1], [2])} `, "[ 1 ] ++ [ 2 ]"],
  ["glued holes", nix`f${1}${pkgs.a}-${2} !${lib.g(1)}`, "f(1)(pkgs.a)-(2) !(lib.g 1)"],
  [
    "selection from a hole",
    nix`${pkgs.a}.b ${lib.f(1)}.c ${{ d: 1 }}.d ${path("./e")}.f`,
    "pkgs.a.b (lib.f 1).c ({ d = 1; }).d (./e).f",
  ],
  ["attribute names", nix`a.${"b c"} d.${"e"} f.${config.g}`, 'a."b c" d.e f.${config.g}'],
  [
    "bindings",
    nix`{ ${"a b"} = 1; ${config.c}.d = 2; e.${"f"} = ${3}; }`,
    '{ "a b" = 1; ${config.c}.d = 2; e.f = 3; }',
  ],
  ["has-attribute", nix`a ? ${"b c"} && a ? ${config.d}`, 'a ? "b c" && a ? ${config.d}'],
  ["defaults", nix`{ a ? ${config.b}, c ? ${"d"} }: a`, '{ a ? config.b, c ? "d" }: a'],
  ["a string", nix`"a ${'b"c'} ${1} ${pkgs.d}"`, '"a b\\"c 1 ${pkgs.d}"'],
  ["a string with ${", nix`"$${"{a}"} ${"${x}"}"`, '"\\$\\${a} \\${x}"'.replace("\\$\\${a}", "\\${a}")],
  ["a block string", nix`''a ${"b"} ${"c\n'd"} ${pkgs.d}''`, "''a b ${\"c\\n'd\"} ${pkgs.d}''"],
  ["an interpolated path", nix`./a/${"b"}/${config.c}.nix`, './a/${"b"}/${config.c}.nix'],
  [
    "a comment",
    nix`a # ${"x"} ${pkgs.y}
    b`,
    "a # … …\nb",
  ],
  ["a path value", nix`import ${path("./a b")} ${path("./c")}`, 'import (./. + "/a b") ./c'],
])("holes: %s", (_name, expression, expected) => {
  expect(print(expression)).toBe(expected);
});

test("Nix text is an atom where it can be, else in parentheses", () => {
  const all = [
    "a",
    "1",
    "a.b",
    'a."b c".d',
    "a.${b}",
    "{ }",
    "rec { }",
    "[ 1 ]",
    '"a ${b}"',
    "''a''",
    "(a b)",
    "./x",
    "./x/${y}",
    "<n>",
    "http://x.y",
  ];
  expect(all.map((each) => print([nix(each)]))).toEqual(all.map((each) => `[ ${each} ]`));
  const loose = [
    "a b",
    "-1",
    "a + b",
    "x: x",
    "{ a }: a",
    "let in 1",
    "a or b",
    "a.b or c",
    "if a then b else c",
    "{ } // { }",
    "[ ] ++ [ ]",
    "(a) (b)",
    "a; b",
    "with a; b",
    "rec",
    "a ? b",
    '"a" "b"',
  ];
  expect(loose.map((each) => print([nix(each)]))).toEqual(loose.map((each) => `[ (${each}) ]`));
});

test("a comment at the end does not swallow what follows", () => {
  const one = nix`1 # one`;
  const uses = {
    binding: one,
    list: [one, [one]],
    sum: nix`${one} + 1`,
    call: nix`(x: x)`(one),
    text: nix`"${nix`"a" # a`}"`,
    block: nix`1 /* one */`,
  };
  expect(evaluate(print(uses))).toEqual({ binding: 1, list: [1, [1]], sum: 2, call: 1, text: "a", block: 1 });
});

test("text of several lines is indented with its place", () => {
  const code = nix`
        pkgs.f {
          a = [
            ${{ deep: { list: ["one-rather-long-element-of-a-list", "another-rather-long-element-of-a-list", "a-third"] }, b: 1 }}
          ];
          text = ''
            x

              y
          '';
        }
  `;
  expect(print({ a: { b: code, c: 1 } })).toMatchInlineSnapshot(`
    "{
      a = {
        b = pkgs.f {
          a = [
            {
              b = 1;
              deep.list = [
                "one-rather-long-element-of-a-list"
                "another-rather-long-element-of-a-list"
                "a-third"
              ];
            }
          ];
          text = ''
            x

              y
          '';
        };
        c = 1;
      };
    }"
  `);
});

test("text that means something else when it is indented keeps its lines", () => {
  const code = nix`[ "a
    b" ]`;
  expect(print({ a: { b: code, c: 1 } })).toBe(
    '{ a = { b = [ "a\n    b" ]; c = 1; }; }'.replace(
      /^.*$/s,
      '{\n  a = {\n    b = [ "a\n    b" ];\n    c = 1;\n  };\n}',
    ),
  );
});

test("str holds every text to the letter", () => {
  expect(print(str`a ${"b"} ${1} ${2n} ${-0.5} ${str`c ${pkgs.d}`}`)).toBe('"a b 1 2 -0.5 c ${pkgs.d}"');
  expect(print(str`\${a} $${pkgs.b} $$ '' "`)).toBe('"\\${a} \\$${pkgs.b} $$ \'\' \\""');
  expect(print(str`$${pkgs.b}\n'${pkgs.c}' ''${pkgs.d}\n$HOME ''\n`)).toBe(
    "''\n  ''$${pkgs.b}\n  '${pkgs.c}' '''${pkgs.d}\n  $HOME '''\n''",
  );
  expect(print(str``)).toBe('""');
});

test.each<[string, () => unknown, string]>([
  ["an open bracket", () => nix`f (${1}`, "`(` is never closed, in line 1 of:\nf (…"],
  ["nothing", () => nix` `, "nix`` is empty"],
  ["a comment alone", () => nix`# x`, "nix`` is empty"],
  ["a backslash before a hole", () => nix`"\\${1}"`, "a backslash stands before a hole"],
  ["NUL", () => nix("a\0b"), "cannot hold a NUL character"],
  ["half a character", () => nix('"\ud83d"'), "half of a surrogate pair"],
  ["an invalid escape", () => nix`\u{zz}`, "nix`…` has an invalid escape sequence"],
  ["an invalid escape in str", () => str`\xg`, "str`…` has an invalid escape sequence"],
  ["a home path", () => path("~/x"), "Nix does not see the home directory"],
  ["an empty path", () => path(""), '"" is not a path'],
  ["a path with NUL", () => path("a\0"), "is not a path"],
])("%s is refused at once", (_name, make, message) => {
  expect(make).toThrow(message);
});

test("paths of every name lead there", () => {
  const names = [
    "a b",
    "ü",
    "${x}",
    '"',
    "\\",
    "''",
    "a\nb",
    "-",
    "a'b",
    "...",
    ".hidden",
    "a//b/../c",
    "x/",
    "+",
    "@",
    "~x",
    "a:b",
  ];
  const expected = names.map((name) => `/${name.replace("a//b/../c", "a/c").replace(/\/$/, "")}`);
  const strings = names.map((name) => nix`builtins.toString ${path(name)}`);
  const absolute = names.map((name) => nix`builtins.toString ${path(`/r/${name}`)}`);
  const root = nix`builtins.stringLength (builtins.toString ${path(".")})`;
  const text = `let n = ${print(root)}; cut = s: builtins.substring n 999 s; in [ (map cut ${print(strings)}) ${print(absolute)} ]`;
  expect(evaluate(text)).toEqual([expected, expected.map((each) => `/r${each}`)]);
});
