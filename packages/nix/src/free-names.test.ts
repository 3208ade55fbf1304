import { expect, test } from "vitest";
import { freeNames } from "./free-names.js";
import { lex } from "./lexer.js";

test.each<[string, string]>([
  ["pkgs.hello", "pkgs"],
  ["a.b.c or d", "a d"],
  ["x: x + y", "y"],
  ["x: y: x + y + z", "z"],
  ["{ pkgs, lib ? config.x, ... }: pkgs.f lib.g options", "config options"],
  ["args@{ a, ... }: args // a // b", "b"],
  ["{ a, ... }@args: args // a // b", "b"],
  ["{ }: a", "a"],
  ["{ ... }: a", "a"],
  ["{ a }: a + b", "b"],
  ["let a = b; c = a; in c + d", "b d"],
  ["let inherit (a) b c; inherit d; in b + c + d", "a d"],
  ["let inherit pkgs; in pkgs", "pkgs"],
  ["{ a = b; c.d = a; inherit e; inherit (f) g; }", "a b e f"],
  ["rec { a = b; c = a; }", "b"],
  ["[ (x: x) x ]", "x"],
  ["f (x: x) x", "f x"],
  ["(let x = 1; in x) x", "x"],
  ["{ a = x: x; b = x; }", "x"],
  ["let f = x: x; in f x", "x"],
  ["with lib; mkIf config.a b", "config lib"],
  ["(with lib; mkIf) inputs", "inputs lib"],
  ["with pkgs; let a = inputs; in [ a ]", "pkgs"],
  ["assert a; b", "a b"],
  ["if a then b else c", "a b c"],
  ["\"${a} \\${b} $${c}\" + ''${d} ''${e}''", "a d"],
  ["./x/${a}/b.nix", "a"],
  ['{ ${a} = b; "c${d}" = e; f.${g}.h = i; }', "a b d e g i"],
  ["a ? b", "a"],
  ["a ? b.${c}", "a c"],
  ["a ? ${b}", "a b"],
  ["x.${y}", "x y"],
  ["{ a ? b }: a", "b"],
  ["{ a ? { b = c; }, d }: a", "c"],
  ["map toString [ true null ] ++ builtins.x", ""],
  ["import ./x.nix { inherit pkgs; }", "pkgs"],
  ["# a\nb /* c */", "b"],
  ["http://example.org/x", ""],
  ["let { body = a; b = c; }", "a c"],
  ["__sub 1 2", ""],
  ["-a + !b", "a b"],
  ['firnUnknown [ "a" ]', "firnUnknown"],
])("%s needs: %s", (source, expected) => {
  expect([...freeNames(lex(source), new Set())].sort().join(" ")).toBe(expected);
});

test("no text makes it fail or hang", () => {
  for (const source of [
    "",
    ")",
    "let",
    "let a",
    "{ a",
    "in in",
    "x:",
    "with",
    "@",
    "{ a ? }: b",
    "inherit x",
    "a.",
    "rec",
  ]) {
    const tokens = (() => {
      try {
        return lex(source);
      } catch {
        return [];
      }
    })();
    freeNames(tokens, new Set());
  }
});
