import { createContext, runInContext } from "node:vm";
import { expect, expectTypeOf, test } from "vitest";
import type { Expression } from "./expression.js";
import { fn } from "./fn.js";
import { lib, pkgs } from "./globals.js";
import { print } from "./print/print.js";
import { nix, str } from "./template.js";
import type { ForeignKind, NixInput, NixModule, NixValue } from "./types.js";

const cycle: Record<string, unknown> = {};
cycle.again = [cycle];
// biome-ignore lint/suspicious/noSparseArray: that is what is tested
const sparse = [1, , 2];

test.each<[unknown, string]>([
  [undefined, "is undefined. Leave the name out, or give null"],
  [() => 1, "is the function (anonymous). For a Nix function write fn((x) => …)"],
  [function compute() {}, "is the function compute."],
  [Symbol("s"), "is Symbol(s). Give a string."],
  [Number.NaN, "is NaN. Nix numbers are finite."],
  [Number.NEGATIVE_INFINITY, "is -Infinity."],
  [2n ** 63n, "is the integer 9223372036854775808. Nix integers have 64 bits"],
  [-(2n ** 63n) - 1n, "is the integer -9223372036854775809."],
  ["a\0b", "is a string with a NUL character."],
  ["\ud83d", "is a string with half of a surrogate pair."],
  [new Date(0), "is an instance of Date. Give it as text: date.toISOString()."],
  [new Map(), "is an instance of Map. Give an object: Object.fromEntries(map)."],
  [new Set(), "is an instance of Set. Give an array"],
  [Promise.resolve(1), "is an instance of Promise. Await it first."],
  [Buffer.from("a"), "is an instance of Buffer."],
  [new Uint8Array(1), "is an instance of Uint8Array."],
  [/a/, "is an instance of RegExp."],
  [new (class Shop {})(), "is an instance of Shop. Give plain values"],
  [new (class {})(), "is an instance of a class."],
  [Object.create({ a: 1 }), "is an instance of Object."],
  [Object("boxed"), "is an instance of String."],
  ["ab".match(/a/), 'is an array with the extra property "index".'],
  [{ [Symbol("k")]: 1 }, "is an object with the key Symbol(k)."],
])("%o is refused with its option path", (value, message) => {
  const set = { services: { nginx: { virtualHosts: { "shop.example": [{ locations: value }] } } } };
  const path = 'services.nginx.virtualHosts."shop.example"[0].locations ';
  expect(() => print(set)).toThrow(path + message);
  expect(() => print({ services: lib.mkIf(true, { a: lib.mkMerge([value]) }) })).toThrow("services.a");
});

test("what is below the value is named too", () => {
  expect(() => print({ a: sparse })).toThrow("a[1] is a hole in a sparse array.");
  expect(() => print({ a: { "x\0": 1 } })).toThrow('a."x\\u0000" is under a name with a NUL character.');
  expect(() => print({ a: cycle })).toThrow("a.again[0] is part of itself (a cycle).");
  expect(() => print(undefined)).toThrow("(top level) is undefined.");
  expect(() => print({ a: pkgs.x.override({ b: [undefined] }) })).toThrow("a.b[0] is undefined.");
  expect(() => print({ a: fn((x) => ({ b: [x, undefined] })) })).toThrow("a.b[1] is undefined.");
  expect(() => print({ a: nix`f ${{ b: undefined }}` })).toThrow("a.b is undefined.");
  expect(() => print({ a: str`x${true}` })).toThrow("a is text with a boolean in it. Only strings, numbers");
  expect(() => print({ a: str`x${{}}` })).toThrow("a is text with an attribute set in it.");
});

test("an error carries its parts", () => {
  expect.assertions(1);
  try {
    print({ a: [{ b: Number.NaN }] });
  } catch (error) {
    expect(error).toMatchObject({
      name: "NixValueError",
      path: ["a", 0, "b"],
      found: "NaN",
      advice: "Nix numbers are finite.",
    });
  }
});

test("the same object in two places is no cycle", () => {
  const shared = { b: 1 };
  expect(print([shared, shared, { c: shared }])).toBe("[ { b = 1; } { b = 1; } { c.b = 1; } ]");
});

test("objects without a prototype and from another realm are plain", () => {
  const bare = Object.assign(Object.create(null), { a: 1 });
  expect(print([bare, runInContext("({ b: [1] })", createContext())])).toBe("[ { a = 1; } { b = [ 1 ]; } ]");
});

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

test.each<[string, (inner: unknown) => unknown]>([
  ["lists", (inner) => [inner]],
  ["sets", (inner) => ({ a: inner })],
  ["wide sets", (inner) => ({ a: inner, b: 1 })],
  ["calls", (inner) => lib.f(inner)],
  ["selections", (inner) => nix`${inner}`.a],
  ["Nix text", (inner) => nix`(${inner})`],
  ["strings", (inner) => str`a${inner as string}`],
])("%s nested 5,000 levels deep are refused, and 200 are printed", (_name, wrap) => {
  expect(() => print(nested(5_000, wrap))).toThrow("nested values. Nix cannot read text that deep");
  expect(print(nested(200, wrap))).toContain("1");
});

interface Output<T> {
  apply(change: (value: T) => unknown): unknown;
}
interface Outputs extends ForeignKind {
  readonly type: Output<this["value"]>;
}

test("types: an expression may stand anywhere, a foreign value where its family is named", () => {
  interface Nginx {
    enable: boolean;
    ports: number[];
    user?: "root" | "web";
  }
  expectTypeOf<{ enable: NixProxyLike; ports: [number, Expression] }>().toExtend<NixInput<Nginx>>();
  expectTypeOf<Expression>().toExtend<NixInput<Nginx>>();
  expectTypeOf<{ enable: Output<boolean>; ports: Output<number>[] }>().toExtend<NixInput<Nginx, Outputs>>();
  expectTypeOf<{ enable: Output<boolean>; ports: [] }>().not.toExtend<NixInput<Nginx>>();
  expectTypeOf<{ enable: Output<string>; ports: [] }>().not.toExtend<NixInput<Nginx, Outputs>>();
  expectTypeOf<{ enable: true; ports: []; user: "nobody" }>().not.toExtend<NixInput<Nginx>>();
  expectTypeOf<{ enable: true; ports: string[] }>().not.toExtend<NixInput<Nginx>>();
});

test("types: a module is a tree of values", () => {
  const module: NixModule = {
    a: { b: [1, 2n, "x", null, true, pkgs.hello, { c: lib.mkForce([]) }] },
    d: str`x`,
  };
  expect(print(module)).toContain("lib.mkForce");
  expectTypeOf(nix`{ }`).toExtend<NixModule>();
  expectTypeOf<{ a: { b: undefined } }>().not.toExtend<NixModule>();
  expectTypeOf<{ a: () => number }>().not.toExtend<NixModule>();
  expectTypeOf<{ a: Date }>().not.toExtend<NixModule>();
  expectTypeOf<{ a: Map<string, string> }>().not.toExtend<NixModule>();
  expectTypeOf<{ a: symbol }>().not.toExtend<NixModule>();
  expectTypeOf<{ a: [Output<string>] }>().not.toExtend<NixModule>();
  expectTypeOf<{ a: [Output<string>] }>().toExtend<NixModule<Outputs>>();
  expectTypeOf<Output<string>>().toExtend<NixValue<Outputs>>();
});

type NixProxyLike = typeof pkgs;
