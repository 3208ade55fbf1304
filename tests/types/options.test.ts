import { afterAll, beforeAll, expect, test } from "vitest";
import { TypedProject } from "./project.js";

const MODULE = `{ lib, ... }:
let
  inherit (lib) mkOption types;
  option = type: mkOption { inherit type; };
  json = types.nullOr (types.oneOf [ types.bool types.int types.str (types.attrsOf json) (types.listOf json) ]) // { description = "JSON value"; };
in {
  options.own = {
    flag = option types.bool;
    text = option types.str;
    lines = option types.lines;
    port = option types.port;
    level = option (types.ints.between 1 9);
    choice = option (types.nullOr (types.enum [ "a" "b" 3 ]));
    where = option types.path;
    tool = option types.package;
    both = option (types.either types.int types.str);
    coerced = option (types.coercedTo types.int toString types.str);
    make = option (types.functionTo (types.listOf types.package));
    "quoted-name" = option (types.listOf types.str);
    deep = option (types.attrsOf (types.listOf (types.submodule { options.size = option types.int; })));
    settings = option (types.submodule { freeformType = types.attrsOf json; options.known = option types.int; });
    data = option json;
    anything = option types.anything;
    shown = mkOption { type = types.str; readOnly = true; };
  };
  imports = [
    (lib.mkRenamedOptionModule [ "own" "oldFlag" ] [ "own" "flag" ])
    (lib.mkRemovedOptionModule [ "own" "gone" ] "It is gone.")
  ];
}`;

const RIGHT = `import { config, fn, lib, type MachineConfig, nix, pkgs, str } from "@firn/nixos";
import type * as pulumi from "@pulumi/pulumi";
declare const text: pulumi.Output<string>;
export const machine: MachineConfig = {
  own: {
    flag: true, text, lines: str\`\${pkgs.hello}\`, port: 80, level: lib.mkForce(3), choice: "a", where: "/etc",
    tool: pkgs.hello, both: "x", coerced: 1, make: fn((x) => [x.hello]), "quoted-name": ["a", text, nix\`"b"\`],
    deep: { a: [{ size: 1 }, lib.mkIf(config.own.flag, { size: 2 })] },
    settings: { known: 1, more: { a: [1, "b", null, text, pkgs.hello] } },
    data: { a: [1, { b: true }] }, anything: [{ a: 1 }],
  },
};
export const nested: MachineConfig = { own: lib.mkIf(config.own.flag, { text: "x" }) };
export const whole: MachineConfig = lib.mkMerge([{ own: { flag: true } }]);
`;

const WRONG: Readonly<Record<string, string>> = {
  "a name that is none": "{ ownn: { flag: true } }",
  "a name inside": "{ own: { flagg: true } }",
  "text for a boolean": '{ own: { flag: "yes" } }',
  "no member of an enum": '{ own: { choice: "c" } }',
  "a string for a package": '{ own: { tool: "hello" } }',
  "a number in a list of text": '{ own: { "quoted-name": [1] } }',
  "deep in submodules": '{ own: { deep: { a: [{ size: "big" }] } } }',
  "a known name of free settings": '{ own: { settings: { known: "1" } } }',
  "a JavaScript function": "{ own: { make: () => [] } }",
  "a function among data": "{ own: { anything: { a: () => 1 } } }",
  "a date among data": "{ own: { anything: new Date() } }",
  "an option that is gone": "{ own: { gone: true } }",
};

const project = new TypedProject();
beforeAll(async () => {
  project.write("own.nix", MODULE);
  project.write("right.ts", RIGHT);
  const names = Object.entries(WRONG);
  const program = names.map(([, config], index) => `export const wrong${index}: MachineConfig = ${config};`);
  project.write("wrong.ts", ['import type { MachineConfig } from "@firn/nixos";', ...program].join("\n"));
  expect(await project.types("own.nix")).toMatch(/\d+ options of NixOS/);
});
/** What the compiler says, with the project's types. Declarations are checked too, as in projects of `pulumi new`. */
let output = "";
beforeAll(async () => {
  output = await project.compile(["right.ts", "wrong.ts", "nixos-options.d.ts"], "--skipLibCheck", "false");
});
afterAll(() => project.remove());

/** Lines of errors in files that match. */
const errorsIn = (file: RegExp) => output.split("\n").filter((line) => file.test(line));

test("every option type takes its values, expressions and outputs, at any level", () => {
  expect(errorsIn(/^right\.ts/)).toEqual([]);
});

test("the types themselves, and Firn's own declarations, have no errors", () => {
  // Those of other packages are theirs, and may want types of Node that a project has to have.
  expect(errorsIn(/^(\S*packages\/|nixos-options)/)).toEqual([]);
});

test("the same program compiles without the generated types", async () => {
  expect(await project.compile(["right.ts"])).toBe("");
});

test("wrong programs fail, each with a message that a person can read", () => {
  const messages = Object.keys(WRONG).map((what, index) => {
    const lines = output.split("\n");
    const at = lines.findIndex((line) => line.startsWith(`wrong.ts(${index + 2},`));
    return `${what}: ${at < 0 ? "NO ERROR" : lines[at]?.replace(/^.*?error /, "")}`;
  });
  expect(messages.join("\n")).toMatchInlineSnapshot(`
    "a name that is none: TS2353: Object literal may only specify known properties, and 'ownn' does not exist in type 'Nix<NixosOptions>'.
    a name inside: TS2353: Object literal may only specify known properties, and 'flagg' does not exist in type 'Nix<Own>'.
    text for a boolean: TS2322: Type 'string' is not assignable to type 'Nix<boolean> | undefined'.
    no member of an enum: TS2322: Type '"c"' is not assignable to type 'Nix<3 | "a" | "b" | null> | undefined'.
    a string for a package: TS2322: Type 'string' is not assignable to type 'Nix<NixPackage> | undefined'.
    a number in a list of text: TS2322: Type 'number' is not assignable to type 'Nix<string>'.
    deep in submodules: TS2322: Type 'string' is not assignable to type 'Nix<number> | undefined'.
    a known name of free settings: TS2322: Type 'string' is not assignable to type 'Nix<number> | undefined'.
    a JavaScript function: TS2322: Type '() => never[]' is not assignable to type 'Nix<NixFunction<readonly Nix<NixPackage>[]>> | undefined'.
    a function among data: TS2322: Type '{ a: () => number; }' is not assignable to type 'NixData | undefined'.
    a date among data: TS2322: Type 'Date' is not assignable to type 'NixData | undefined'.
    an option that is gone: TS2322: Type 'boolean' is not assignable to type 'RemovedOption'."
  `);
});
