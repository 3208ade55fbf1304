import { expect, test } from "vitest";
import { fn } from "./fn.js";
import { lib, pkgs } from "./globals.js";
import { letIn } from "./let-in.js";
import { op } from "./op.js";
import { showPath } from "./option-path.js";
import { print } from "./print/print.js";
import { settleForeign } from "./settle.js";
import { nix, str } from "./template.js";

const later = Symbol("later");

const settle = (value: unknown) =>
  print(
    settleForeign(value, (each) => each === later, {
      value: (path) => nix(`value "${showPath(path)}"`),
      condition: (path) => nix(`condition "${showPath(path)}"`),
      whole: (path, make) => nix`whole ${showPath(path)} ${fn((unknown) => make(unknown))}`,
    }),
  );

test.each([
  ["a value", { a: { b: later, c: 1 } }, '{ a = { b = value "a.b"; c = 1; }; }'],
  ["an element", { a: [1, later] }, '{ a = [ 1 (value "a[1]") ]; }'],
  [
    "a part of a string",
    { a: str`http://${later}:80` },
    '{ a = whole "a" (unknown: "http://${unknown}:80"); }',
  ],
  ["an expression", { a: nix`1 + ${later}` }, '{ a = whole "a" (unknown: 1 + unknown); }'],
  ["an argument", { a: lib.toUpper(later) }, '{ a = whole "a" (unknown: lib.toUpper unknown); }'],
  ["the content of lib.mkIf", { a: lib.mkIf(true, later) }, '{ a = lib.mkIf true (value "a"); }'],
  [
    "the condition of lib.mkIf",
    { a: lib.mkIf(later, { b: 1 }) },
    '{ a = lib.mkIf (condition "a") { b = 1; }; }',
  ],
  [
    "an expression as condition, and its opposite",
    { a: lib.mkMerge([lib.mkIf(nix`${later} == 1`, 1), lib.mkIf(op.not(later), 2)]) },
    '{ a = lib.mkMerge [ (lib.mkIf (condition "a") 1) (lib.mkIf (!(condition "a")) 2) ]; }',
  ],
  [
    "a condition and what it decides",
    { a: op.ifElse(op.and(later, true), [later], []) },
    '{ a = if (condition "a") && true then [ (value "a[0]") ] else [ ]; }',
  ],
  [
    "the condition of lib.optionals",
    { a: op.concat([1], lib.optionals(later, [2])) },
    '{ a = [ 1 ] ++ lib.optionals (condition "a") [ 2 ]; }',
  ],
  ["a priority", { a: lib.mkOverride(later, 1) }, '{ a = whole "a" (unknown: lib.mkOverride unknown 1); }'],
  [
    "a variable",
    { a: letIn({ x: later }, ({ x }) => ({ y: x })) },
    '{ a = whole "a" (unknown: let x = unknown; in { y = x; }); }',
  ],
  ["nothing foreign", { a: lib.mkIf(pkgs.x, [fn((x) => x)]) }, "{ a = lib.mkIf pkgs.x [ (x: x) ]; }"],
])("%s", (_what, value, text) => {
  expect(settle(value).replace(/\s+/g, " ")).toBe(text);
});
