import { inspect } from "node:util";
import { expect, expectTypeOf, test } from "vitest";
import { type Expression, isExpression } from "./expression.js";
import { config, lib, nodes, pkgs } from "./globals.js";
import { print } from "./print/print.js";
import type { NixProxy } from "./proxy-types.js";
import { str } from "./template.js";

test("selection and calls print as Nix", () => {
  expect(print(nodes["web-1"]["a b"].config.or)).toBe('nodes.web-1."a b".config."or"');
  expect(print(lib.mkIf(config.a.enable, { b: [1] }))).toBe("lib.mkIf config.a.enable { b = [ 1 ]; }");
  expect(print(lib.f(-1)(lib.g(2)).h)).toBe("(lib.f (-1) (lib.g 2)).h");
});

test("names that JavaScript gives a meaning are attributes too", () => {
  const proto = "__proto__";
  expect(print([pkgs.name, pkgs.length, pkgs.constructor, pkgs[proto], pkgs.prototype, pkgs.call])).toBe(
    "[ pkgs.name pkgs.length pkgs.constructor pkgs.__proto__ pkgs.prototype pkgs.call ]",
  );
  expect(print(lib.generators.toJSON({}, "x"))).toBe('lib.generators.toJSON { } "x"');
  expect(print(lib.toString(1))).toBe("lib.toString 1");
});

const misuses: Record<string, (value: NixProxy) => unknown> = {
  "a template literal": (value) => `${value}/bin`,
  // biome-ignore lint/style/useTemplate: that is what is tested
  concatenation: (value) => (value as never) + "/bin",
  addition: (value) => (value as never as number) + 1,
  negation: (value) => -(value as never as number),
  comparison: (value) => (value as never as number) < 1,
  // biome-ignore lint/suspicious/noDoubleEquals: that is what is tested
  "loose equality": (value) => (value as never as string) == "a",
  String: (value) => String(value),
  Number: (value) => Number(value),
  "toString()": (value) => value.toString(),
  "valueOf()": (value) => value.valueOf(),
  "Array.join": (value) => [value].join(),
  "a computed key": (value) => ({ [value as never as string]: 1 }),
  "JSON.stringify": (value) => JSON.stringify(value),
  "JSON.stringify of what holds it": (value) => JSON.stringify({ a: [value] }),
  "object spread": (value) => ({ ...value }),
  "array spread": (value) => [...(value as never as string[])],
  destructuring: (value) => {
    const [first] = value as never as string[];
    return first;
  },
  "Object.keys": (value) => Object.keys(value),
  "Object.assign": (value) => Object.assign({}, value),
  "for in": (value) => {
    for (const name in value) return name;
  },
  in: (value) => "name" in value,
  hasOwn: (value) => Object.hasOwn(value, "name"),
  assignment: (value) => {
    (value as unknown as Record<string, number>).a = 1;
  },
  delete: (value) => delete (value as unknown as Record<string, number>).a,
  defineProperty: (value) => Object.defineProperty(value, "a", { value: 1 }),
  "a call without an argument": (value) => value(),
};

test.each(Object.entries(misuses))("%s of an expression is refused by name", (_name, misuse) => {
  expect(() => misuse(pkgs.hello)).toThrow(/pkgs\.hello was /);
});

test("the message says what to write instead", () => {
  expect(() => `${pkgs.hello}/bin`).toThrowErrorMatchingInlineSnapshot(
    `[NixMisuseError: The Nix expression pkgs.hello was used as a JavaScript string or number. Its value is known to Nix alone; to build text with it, put it into str\`…\`.]`,
  );
});

test("await, instanceof and libraries that look at a value do no harm", async () => {
  expect((await pkgs.hello) === undefined).toBe(false);
  expect(isExpression(await Promise.resolve(pkgs.hello))).toBe(true);
  expect((pkgs.hello as unknown) instanceof Promise).toBe(false);
});

test("inspection is readable", () => {
  expect(inspect({ a: pkgs["a b"].c, b: [str`x${pkgs.a}`], c: lib.mkIf(true, 1) })).toBe(
    '{ a: pkgs."a b".c, b: [ str`x…` ], c: lib.mkIf(…) }',
  );
});

test("an expression of another copy of the package is one", () => {
  const foreign = { [Symbol.for("firn.nix.Expression")]: { kind: "global", name: "pkgs" } };
  expect(isExpression(foreign)).toBe(true);
  expect(print([foreign])).toBe("[ pkgs ]");
  expect([null, undefined, 1, "a", {}, [], () => {}].some(isExpression)).toBe(false);
});

test("types: what lib is known for completes, everything else is there", () => {
  expectTypeOf(lib.mkIf).toBeFunction();
  expectTypeOf(lib.mkForce(1)).toExtend<NixProxy>();
  expectTypeOf<NixProxy>().toExtend<Expression>();
  expectTypeOf(pkgs.python3.withPackages).toBeAny();
  // @ts-expect-error mkIf takes a condition and a content
  lib.mkIf(true);
});
