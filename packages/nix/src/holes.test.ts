import { expect, test } from "vitest";
import { fn } from "./fn.js";
import { lib, pkgs } from "./globals.js";
import { findForeign, replaceForeign } from "./holes.js";
import { letIn } from "./let-in.js";
import { op } from "./op.js";
import { showPath } from "./option-path.js";
import { print } from "./print/print.js";
import { nix, str } from "./template.js";

/** As a Pulumi Output: every property is there, and looking at one counts. */
class Later {
  static looked = 0;
  static make(name: string): Later {
    return new Proxy(new Later(name), {
      ownKeys: () => {
        throw new Error("a foreign value was enumerated");
      },
      get: (target, key) => {
        if (key !== "name") Later.looked++;
        return Reflect.get(target, key);
      },
    });
  }
  private constructor(readonly name: string) {}
}

const isLater = (value: unknown) => value instanceof Later;
const later = (name: string) => Later.make(name);

const tree = () => ({
  plain: later("whole"),
  list: [1, later("element")],
  text: str`http://${later("in text")}:${80}/${str`deep ${later("deep text")}`}`,
  code: nix`f ${later("argument")} "${later("quoted")}"`,
  wrapped: lib.mkIf(later("condition"), {
    port: later("conditional"),
    names: lib.mkMerge([[later("merged")], lib.mkForce([later("forced")])]),
  }),
  ordered: lib.mkOrder(1, lib.mkOverride(2, later("ordered"))),
  call: pkgs.hello.override({ a: [later("deep argument")] }),
  traced: pkgs.python3.withPackages(fn((ps) => [ps.requests, later("in a function")])),
  pattern: fn.attrs({ a: later("default") }, ({ a }) => a),
  bound: letIn({ x: later("bound") }, ({ x }) => ({ y: [x, later("let body")] })),
  merged: op.merge(pkgs.x, { y: later("operand") }),
  chosen: op.ifElse(op.eq(later("compared"), 1), later("then"), later("else")),
  selected: nix`${later("base")}`.a,
});

test("every foreign value is found, with its option", () => {
  const found = findForeign(tree(), isLater).map(
    (leaf) => `${showPath(leaf.path)}: ${(leaf.value as Later).name}`,
  );
  expect(found).toMatchInlineSnapshot(`
    [
      "plain: whole",
      "list[1]: element",
      "text: in text",
      "text: deep text",
      "code: argument",
      "code: quoted",
      "wrapped: condition",
      "wrapped.port: conditional",
      "wrapped.names[0]: merged",
      "wrapped.names[0]: forced",
      "ordered: ordered",
      "call.a[0]: deep argument",
      "traced[1]: in a function",
      "pattern: default",
      "bound: bound",
      "bound.y[1]: let body",
      "merged.y: operand",
      "chosen: compared",
      "chosen: then",
      "chosen: else",
      "selected: base",
    ]
  `);
});

test("a replacement learns how the value stands", () => {
  const contexts: string[] = [];
  const replaced = replaceForeign(tree(), isLater, (value, path, context) => {
    contexts.push(`${(value as Later).name}: ${context}`);
    return context === "string" ? "text" : [showPath(path)];
  });
  expect(contexts).toMatchInlineSnapshot(`
    [
      "whole: value",
      "element: value",
      "in text: string",
      "deep text: string",
      "argument: expression",
      "quoted: string",
      "condition: expression",
      "conditional: value",
      "merged: value",
      "forced: value",
      "ordered: value",
      "deep argument: expression",
      "in a function: expression",
      "default: expression",
      "bound: expression",
      "let body: value",
      "operand: value",
      "compared: expression",
      "then: value",
      "else: value",
      "base: expression",
    ]
  `);
  expect(print(replaced)).toMatchInlineSnapshot(`
    "{
      bound =
        let
          x = [ "bound" ];
        in
        { y = [ x [ "bound.y[1]" ] ]; };
      call = pkgs.hello.override { a = [ [ "call.a[0]" ] ]; };
      chosen = if [ "chosen" ] == 1 then [ "chosen" ] else [ "chosen" ];
      code = f [ "code" ] "text";
      list = [ 1 [ "list[1]" ] ];
      merged = pkgs.x // { y = [ "merged.y" ]; };
      ordered = lib.mkOrder 1 (lib.mkOverride 2 [ "ordered" ]);
      pattern = { a ? [ "pattern" ], ... }: a;
      plain = [ "plain" ];
      selected = [ "selected" ].a;
      text = "http://text:80/deep text";
      traced = pkgs.python3.withPackages (ps: [ ps.requests [ "traced[1]" ] ]);
      wrapped = lib.mkIf [ "wrapped" ] {
        names = lib.mkMerge [ [ [ "wrapped.names[0]" ] ] (lib.mkForce [ [ "wrapped.names[0]" ] ]) ];
        port = [ "wrapped.port" ];
      };
    }"
  `);
});

test("foreign values are not looked into", () => {
  Later.looked = 0;
  const isMarked = (value: unknown) =>
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Later.prototype;
  replaceForeign(tree(), isMarked, () => "x");
  expect(Later.looked).toBe(0);
});

test("an expression is never asked whether it is foreign, and keeps its identity as one", () => {
  const asked: unknown[] = [];
  replaceForeign(
    { a: pkgs.hello, b: nix`x` },
    (value) => asked.push(value) < 0,
    () => null,
  );
  expect(asked).toHaveLength(1);
});

test("the rest of the tree stays as it is", () => {
  const value = JSON.parse('{"__proto__": {"a": 1}, "b": [null, true, 1.5, "x"], "c": {}}');
  const replaced = replaceForeign({ value, big: 2n ** 60n, zero: -0 }, isLater, () => 0);
  expect(replaced).toEqual({ value, big: 2n ** 60n, zero: -0 });
  expect(Object.keys((replaced as { value: object }).value)).toContain("__proto__");
});

test("what a replacement returns is not walked again, and may be an expression", () => {
  const replaced = replaceForeign([later("a")], isLater, () => nix`x + 1`);
  expect(print(replaced)).toBe("[ (x + 1) ]");
  expect(
    findForeign(
      replaceForeign([later("a")], isLater, () => later("b")),
      isLater,
    ),
  ).toHaveLength(1);
});

test("both walkers refuse what the printer refuses", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  for (const walk of [
    (value: unknown) => findForeign(value, isLater),
    (value: unknown) => replaceForeign(value, isLater, () => 1),
  ]) {
    expect(() => walk({ a: [undefined] })).toThrow("a[0] is undefined.");
    expect(() => walk({ a: pkgs.f({ b: new Date() }) })).toThrow("a.b is an instance of Date.");
    expect(() => walk({ a: lib.mkIf(true, { b: () => 1 }) })).toThrow("a.b is the function b.");
    expect(() => walk({ a: cycle })).toThrow("a[0] is part of itself");
    expect(() => walk({ a: str`${undefined}` })).toThrow("a is undefined.");
  }
});
