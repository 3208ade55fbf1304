/** One type of nixpkgs' `lib.types` and what it is in TypeScript. */
export interface TypeCase {
  /** Nix, with `types` in scope. */
  readonly nix: string;
  readonly typescript: string;
  /** A value that it takes, in TypeScript. */
  readonly right: string;
  /** A value that it does not take; none where it takes any data. */
  readonly wrong?: string;
  /** Range or pattern that the comment tells. */
  readonly note?: string;
}

const text = { typescript: "Nix<string>", right: '"a"', wrong: "1" };
const number = { typescript: "Nix<number>", right: "1", wrong: '"1"' };
const path = { typescript: "Nix<NixPath>", right: '"/etc"', wrong: "1" };
const data = { typescript: "NixData", right: '{ a: [1, "b", null, { c: true }] }', wrong: "{ a: () => 1 }" };
const sub = "(types.submodule { options.size = lib.mkOption { type = types.int; }; })";

/** Every type of nixpkgs' `lib.types`, functions with arguments of each kind. */
export const EVERY_TYPE: Readonly<Record<string, TypeCase>> = {
  bool: { nix: "types.bool", typescript: "Nix<boolean>", right: "true", wrong: '"yes"' },
  boolByOr: { nix: "types.boolByOr", typescript: "Nix<boolean>", right: "false", wrong: "0" },
  int: { nix: "types.int", ...number },
  intBetween: { nix: "types.ints.between 1 9", ...number, note: "between 1 and 9" },
  intPositive: { nix: "types.ints.positive", ...number, note: "meaning >0" },
  intUnsigned: { nix: "types.ints.unsigned", ...number, note: "meaning >=0" },
  intU8: { nix: "types.ints.u8", ...number, note: "between 0 and 255" },
  intS16: { nix: "types.ints.s16", ...number, note: "between -32768 and 32767" },
  port: { nix: "types.port", ...number, note: "between 0 and 65535" },
  float: { nix: "types.float", ...number },
  number: { nix: "types.number", ...number },
  numberBetween: { nix: "types.numbers.between 0 1", ...number, note: "between 0 and 1" },
  numberNonnegative: { nix: "types.numbers.nonnegative", ...number, note: "meaning >=0" },
  numberPositive: { nix: "types.numbers.positive", ...number, note: "meaning >0" },
  str: { nix: "types.str", ...text },
  nonEmptyStr: { nix: "types.nonEmptyStr", ...text, note: "non-empty string" },
  singleLineStr: { nix: "types.singleLineStr", ...text },
  strMatching: { nix: 'types.strMatching "[a-z]+"', ...text, note: "matching the pattern [a-z]+" },
  separatedString: { nix: 'types.separatedString ":"', ...text },
  lines: { nix: "types.lines", ...text },
  commas: { nix: "types.commas", ...text },
  envVar: { nix: "types.envVar", ...text },
  passwdEntry: { nix: "types.passwdEntry types.str", ...text },
  path: { nix: "types.path", ...path },
  pathInStore: { nix: "types.pathInStore", ...path },
  externalPath: { nix: "types.externalPath", ...path },
  pathWith: { nix: "types.pathWith { absolute = true; }", ...path },
  package: { nix: "types.package", typescript: "Nix<NixPackage>", right: "pkgs.hello", wrong: '"hello"' },
  shellPackage: {
    nix: "types.shellPackage",
    typescript: "Nix<NixPackage>",
    right: "pkgs.hello",
    wrong: '"sh"',
  },
  enum: {
    nix: 'types.enum [ "a" 3 true ]',
    typescript: 'Nix<"a" | 3 | true>',
    right: '"a"',
    wrong: '"b"',
  },
  enumEmpty: { nix: "types.enum [ ]", typescript: "Nix<never>", right: "lib.none", wrong: '"a"' },
  nullOr: {
    nix: "types.nullOr types.bool",
    typescript: "Nix<boolean | null>",
    right: "null",
    wrong: '"null"',
  },
  nullOrAnything: { nix: "types.nullOr types.anything", ...data },
  listOf: {
    nix: "types.listOf types.str",
    typescript: "Nix<readonly Nix<string>[]>",
    right: '["a", pkgs.hello.name]',
    wrong: "[1]",
  },
  nonEmptyListOf: {
    nix: "types.nonEmptyListOf types.int",
    typescript: "Nix<readonly Nix<number>[]>",
    right: "[1]",
    wrong: "1",
  },
  listOfPorts: {
    nix: "types.listOf types.port",
    typescript: "Nix<readonly Nix<number>[]>",
    right: "[80]",
    wrong: '["80"]',
    note: "between 0 and 65535",
  },
  attrsOf: {
    nix: "types.attrsOf types.bool",
    typescript: "Nix<Record<string, Nix<boolean>>>",
    right: "{ a: true }",
    wrong: "{ a: 1 }",
  },
  lazyAttrsOf: {
    nix: "types.lazyAttrsOf types.bool",
    typescript: "Nix<Record<string, Nix<boolean>>>",
    right: "{ a: true }",
    wrong: "[true]",
  },
  attrsWith: {
    nix: 'types.attrsWith { elemType = types.int; placeholder = "n"; }',
    typescript: "Nix<Record<string, Nix<number>>>",
    right: "{ a: 1 }",
    wrong: '{ a: "1" }',
  },
  uniq: { nix: "types.uniq types.str", ...text },
  unique: { nix: 'types.unique { message = "one"; } types.int', ...number },
  either: {
    nix: "types.either types.bool types.str",
    typescript: "Nix<boolean | string>",
    right: '"a"',
    wrong: "1",
  },
  oneOf: {
    nix: "types.oneOf [ types.bool types.int types.path ]",
    typescript: "Nix<boolean | number | NixPath>",
    right: "1",
    wrong: "{}",
  },
  coercedTo: {
    nix: "types.coercedTo types.int toString types.str",
    typescript: "Nix<number | string>",
    right: "1",
    wrong: "true",
  },
  submodule: {
    nix: sub,
    typescript: "Nix<{ size?: Nix<number> }>",
    right: "{ size: 1 }",
    wrong: "{ sise: 1 }",
  },
  submodules: {
    nix: `types.attrsOf ${sub}`,
    typescript: "Nix<Record<string, Nix<{ size?: Nix<number> }>>>",
    right: "{ a: { size: 1 } }",
    wrong: '{ a: { size: "1" } }',
  },
  submoduleWith: {
    nix: "types.submoduleWith { modules = [ { options.on = lib.mkOption { type = types.bool; }; } ]; }",
    typescript: "Nix<{ on?: Nix<boolean> }>",
    right: "{ on: true }",
    wrong: "{ on: 1 }",
  },
  freeform: {
    nix: "types.submodule { freeformType = types.attrsOf types.anything; options.known = lib.mkOption { type = types.int; }; }",
    typescript: "Nix<{ known?: Nix<number> } & Record<string, NixData>>",
    right: '{ known: 1, other: "x" }',
    wrong: '{ known: "1" }',
  },
  attrTag: {
    nix: "types.attrTag { file = lib.mkOption { type = types.path; }; text = lib.mkOption { type = types.str; }; }",
    typescript: "Nix<{ file: Nix<NixPath> } | { text: Nix<string> }>",
    right: '{ text: "a" }',
    wrong: "{ text: 1 }",
  },
  functionTo: {
    nix: "types.functionTo (types.listOf types.package)",
    typescript: "Nix<NixFunction<readonly Nix<NixPackage>[]>>",
    right: "fn((ps) => [ps.hello])",
    wrong: "() => []",
  },
  deferredModule: { nix: "types.deferredModule", ...data },
  anything: { nix: "types.anything", ...data },
  raw: { nix: "types.raw", ...data },
  unspecified: { nix: "types.unspecified", ...data },
  optionType: { nix: "types.optionType", ...data },
  pkgs: { nix: "types.pkgs", ...data },
  attrs: {
    nix: "types.attrs",
    typescript: "Nix<Record<string, NixData>>",
    right: "{ a: 1 }",
    wrong: "[1]",
  },
  addCheck: { nix: "types.addCheck types.int (x: x != 3)", ...number },
};

/** A module with an option of every type, under `every`. */
export const everyTypeModule = `{ lib, ... }:
let inherit (lib) types; in {
${Object.entries(EVERY_TYPE)
  .map(([name, { nix }]) => `  options.every.${name} = lib.mkOption { type = ${nix}; };`)
  .join("\n")}
}`;

const IMPORTS = `import { expectTypeOf } from "vitest";
import { config, fn, lib, pkgs, type MachineConfig, type Nix, type NixData, type NixFunction, type NixPackage, type NixPath } from "@firn/nixos";
import type { Every } from "./nixos-options.js";
`;

/** A program that says of every option which type it has. */
export function expectations(cases: readonly (readonly [name: string, typescript: string])[]): string {
  const lines = cases.map(
    ([name, typescript]) =>
      `expectTypeOf<Exclude<Every["${name}"], undefined>>().toEqualTypeOf<${typescript}>();`,
  );
  return `${IMPORTS}${lines.join("\n")}\n`;
}

/** The line, counted from 1, of the first case in a program made here. */
export const FIRST_LINE = IMPORTS.split("\n").length;

/** A program that gives options values, one a line. */
export function assignments(values: readonly { readonly name: string; readonly value: string }[]): string {
  const lines = values.map(
    ({ name, value }, index) => `export const m${index}: MachineConfig = { every: { ${name}: ${value} } };`,
  );
  return `${IMPORTS}${lines.join("\n")}\nexport const unused = [config, fn, lib, pkgs, expectTypeOf];\n`;
}
