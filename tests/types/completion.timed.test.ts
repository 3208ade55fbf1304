import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bigModule, bigProgram } from "./big.js";
import { TypedProject } from "./project.js";
import { TsServer } from "./ts-server.js";

const OWN = `{ lib, ... }:
let inherit (lib) mkOption types; in {
  options.own = {
    flag = mkOption { type = types.bool; default = false; description = "Whether to."; };
    choice = mkOption { type = types.enum [ "left" "right" ]; description = "Which way."; };
    hosts = mkOption { type = types.attrsOf (types.submodule { options.size = mkOption { type = types.int; }; }); };
  };
  imports = [ (lib.mkRenamedOptionModule [ "own" "oldFlag" ] [ "own" "flag" ]) ];
}`;

/** `|` is where the cursor stands. */
const PLACES: readonly (readonly [where: string, config: string, offered: readonly string[]])[] = [
  ["in an option set", "{ own: {|} }", ["choice", "flag", "hosts"]],
  ["in lib.mkIf", "{ own: lib.mkIf(config.own.flag, {|}) }", ["choice", "flag", "hosts"]],
  [
    "in lib.mkMerge of lib.mkIf",
    "lib.mkMerge([{}, lib.mkIf(true, { own: {|} })])",
    ["choice", "flag", "hosts"],
  ],
  ["in a submodule in lib.mkForce", "{ own: { hosts: lib.mkForce({ a: {|} }) } }", ["size"]],
  ["in a value", '{ own: { choice: "|" } }', ["left", "right"]],
  ["in a value in lib.mkDefault", '{ own: { choice: lib.mkDefault("|") } }', ["left", "right"]],
  ["in the branches of op.ifElse", '{ own: { choice: op.ifElse(true, "|", "left") } }', ["left", "right"]],
];
const HOVERED = "export const hovered: MachineConfig = { own: { flag";

const project = new TypedProject();
const server = new TsServer();
const big = join(project.directory, "big.ts");
const own = join(project.directory, "own.ts");
const lastLine = bigProgram(50).split("\n").length;

beforeAll(async () => {
  project.write("big.nix", bigModule(210));
  project.write("own.nix", OWN);
  await project.types("big.nix", "own.nix");
  project.write(
    "big.ts",
    `${bigProgram(50)}export const last: MachineConfig = { big: { service7: {  } } };\n`,
  );
  const lines = PLACES.map(([, config], index) => `export const m${index}: MachineConfig = ${config};`);
  project.write(
    "own.ts",
    `import { config, lib, op, type MachineConfig } from "@firn/nixos";\n${[...lines, `${HOVERED}: true } };`].join("\n").replaceAll("|", "")}\n`,
  );
  project.configure(["big.ts", "own.ts", "nixos-options.d.ts"]);
  server.open(big);
  server.open(own);
});
afterAll(() => {
  server.close();
  project.remove();
});

test("an editor completes 12,000 options in half a second", async () => {
  const offset = "export const last: MachineConfig = { big: { service7: { ".length + 1;
  const place = { file: big, line: lastLine, offset };
  await server.complete(place); // loads the project
  server.insert(place, "o");
  const start = performance.now();
  const entries = await server.complete({ ...place, offset: offset + 1 });
  const elapsed = performance.now() - start;
  expect(entries.map((entry) => entry.name)).toContain("option39");
  expect(elapsed).toBeLessThan(500);
});

describe("completion offers what the option takes", () => {
  test.each(PLACES)("%s: %s", async (_where, config, offered) => {
    const index = PLACES.findIndex((each) => each[1] === config);
    const offset = `export const m${index}: MachineConfig = ${config}`.indexOf("|") + 1;
    const names = (await server.complete({ file: own, line: index + 2, offset })).map((entry) => entry.name);
    expect(names.slice(0, offered.length)).toEqual(offered);
    // What else there is comes after the options, and is struck through.
    expect(names.slice(offered.length).filter((name) => name !== "get" && name !== "oldFlag")).toEqual([]);
  });
});

test("what should not be set is struck through", async () => {
  const offset = "export const m0: MachineConfig = { own: {".length + 1;
  const entries = await server.complete({ file: own, line: 2, offset });
  const struck = entries.filter((entry) => entry.kindModifiers?.includes("deprecated"));
  expect(struck.map((entry) => entry.name)).toEqual(["get", "oldFlag"]);
});

test("the option's documentation is shown over its name", async () => {
  const line = PLACES.length + 2;
  expect(await server.hover({ file: own, line, offset: HOVERED.length })).toMatchInlineSnapshot(`
    "(property) Own.flag?: Nix<boolean> | undefined
    Whether to.
    @default false
    @see own.nix"
  `);
});
