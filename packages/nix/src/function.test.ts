import { expect, test } from "vitest";
import { fn } from "./fn.js";
import { builtins, config, lib, pkgs } from "./globals.js";
import { letIn } from "./let-in.js";
import { op } from "./op.js";
import { print } from "./print/print.js";
import type { NixProxy } from "./proxy-types.js";
import { nix, str } from "./template.js";
import { evaluate } from "./testing/evaluate.js";

test.each<[string, NixProxy, unknown]>([
  ["a function", fn((x) => [x, x])(1), [1, 1]],
  ["two parameters", fn((a, b) => ({ a, b }))(1, 2), { a: 1, b: 2 }],
  ["a function that returns one", fn((a) => (b: NixProxy) => [a, b])(1)(2), [1, 2]],
  ["destructuring", fn(({ a, b }) => [b, a])({ a: 1, b: 2 }), [2, 1]],
  ["nested functions of the same name", fn((x) => [x, fn((x) => [x])(2), x])(1), [1, [2], 1]],
  ["an outer parameter used inside", fn((x) => fn((y) => fn((x) => [x, y])(3))(x))(1), [3, 1]],
  ["Nix text that binds the parameter's name", fn((y) => nix`(y: y + ${y}) 1`)(10), 11],
  [
    "a parameter with a reserved name",
    fn((map) =>
      builtins.map(
        fn((x) => op.concat(map, [x])),
        [3],
      ),
    )([1]),
    [[1, 3]],
  ],
  ["a name that Nix keeps", fn((rec) => rec)(1), 1],
  ["a name that Nix does not allow", fn((a$b) => a$b)(1), 1],
  [
    "mapAttrs with two parameters",
    builtins.mapAttrs(
      fn((name, value) => [name, value]),
      { a: 1 },
    ),
    { a: ["a", 1] },
  ],
  ["a pattern", fn.attrs({ a: fn.required, b: 2 }, ({ a, b }) => [a, b])({ a: 1, other: 3 }), [1, 2]],
  ["a pattern whose default is a function", fn.attrs({ f: fn((x) => [x]) }, ({ f }) => f(1))({}), [1]],
  [
    "a pattern inside a function of the same name",
    fn((a) => [a, fn.attrs({ a: fn.required }, (inner) => [inner.a, a])({ a: 2 })])(1),
    [1, [2, 1]],
  ],
  [
    "a pattern's quoted name is an error of Nix, its odd one is not",
    fn.attrs({ "a-b'": 1 }, (names) => names["a-b'"])({}),
    1,
  ],
  ["let", letIn({ a: 1, b: [2] }, ({ a, b }) => [a, b, a]), [1, [2], 1]],
  ["let of no names", letIn({}, () => 1), 1],
  [
    "a let inside one of the same names",
    letIn({ a: 1 }, ({ a }) => letIn({ a: [a], b: a }, (inner) => [inner.a, inner.b, a])),
    [[1], 1, 1],
  ],
  [
    "a let that is named like what it binds",
    letIn({ builtins: builtins.length([1, 2]) }, (names) => names.builtins),
    2,
  ],
  ["a let around Nix text of the same name", letIn({ x: 1 }, ({ x }) => nix`let x = 5; in x + ${x}`), 6],
  [
    "let names that are no identifiers",
    letIn({ "a b": 1, "1": 2, if: 3, "a-b": 4, "": 5 }, (n) => [n["a b"], n["1"], n.if, n["a-b"], n[""]]),
    [1, 2, 3, 4, 5],
  ],
  ["not", op.not(op.not(true)), true],
  ["and, or, not, equality", op.or(op.and(true, op.not(false), op.eq(1, 1)), false), true],
  ["equality of equality", op.eq(op.eq(1, 2), false), true],
  ["not of an application", op.not(builtins.isInt(1)), false],
  ["concatenation", op.concat([1], op.concat([2]), builtins.tail([0, 3])), [1, 2, 3]],
  ["merging", op.merge({ a: 1, b: 1 }, op.merge({ b: 2 }, { c: 3 }), {}), { a: 1, b: 2, c: 3 }],
  ["equality of merged sets", op.eq(op.merge({ a: 1 }, { b: 2 }), { a: 1, b: 2 }), true],
  ["merging what is compared", op.and(op.eq(op.concat([1], [2]), [1, 2]), op.or(false, true)), true],
  ["if", op.ifElse(op.eq(1, 2), "a", op.ifElse(true, "b", "c")), "b"],
  [
    "an if in a list and selected from",
    nix`[ ${op.ifElse(true, { a: 1 }, {})} ${op.ifElse(true, { a: 1 }, {}).a} ]`,
    [{ a: 1 }, 1],
  ],
  [
    "selection from every kind",
    nix`[ ${letIn({}, () => ({ a: 1 })).a} ${op.merge({}, { a: 2 }).a} ${fn((x) => x)({ a: 3 }).a} ]`,
    [1, 2, 3],
  ],
  [
    "a lambda that is called where it stands",
    nix`[ (${fn((x) => x)} 1) ${fn((x: NixProxy) => x)(2)} ]`,
    [1, 2],
  ],
  ["functions in a hole", nix`map ${(x: NixProxy) => [x]} [ 1 ]`, [[1]]],
  ["a function in a string", str`a${fn((x) => str`<${x}>`)("b")}c`, "a<b>c"],
])("%s", (_name, expression, expected) => {
  expect(evaluate(print([expression, { expression }]))).toEqual([expected, { expression: expected }]);
});

test("parameters keep their names where they can", () => {
  expect(
    print(
      lib.mapAttrs(
        fn((name, value) => str`${name}=${value}`),
        config.x,
      ),
    ),
  ).toBe('lib.mapAttrs (name: value: "${name}=${value}") config.x');
  expect(print(fn((pkgs) => pkgs.hello))).toBe("pkgs2: pkgs2.hello");
  expect(print(fn((x) => [x, pkgs.hello, fn((x) => x)]))).toBe("x: [ x pkgs.hello (x2: x2) ]");
  expect(
    print(
      fn(function named(first) {
        return first;
      }),
    ),
  ).toBe("first: first");
  expect(print(fn((...all: NixProxy[]) => all))).toBe("x: [ x ]");
});

test("a parameter outside its function is refused", () => {
  let leaked: unknown;
  print(fn((secret) => (leaked = secret)));
  expect(() => print({ a: { b: leaked } })).toThrow(
    "a.b is the parameter secret of a Nix function, outside of that function.",
  );
});

test("a pattern that hides what its body needs is refused", () => {
  const hiding = fn.attrs({ pkgs: fn.required }, ({ pkgs: own }) => [own, pkgs.hello]);
  expect(() => print({ a: hiding })).toThrow("a[1] is pkgs, which a pattern of fn.attrs hides here.");
  const nested = fn.attrs({ a: fn.required }, ({ a }) =>
    fn.attrs({ a: fn.required }, (inner) => [inner.a, a]),
  );
  expect(() => print(nested)).toThrow("[1] is a, which a pattern of fn.attrs hides here.");
});

test("a pattern's name has to be an identifier", () => {
  expect(() => fn.attrs({ "a b": 1 }, () => 1)).toThrow('"a b" cannot be the name of a parameter');
});
