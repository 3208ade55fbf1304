import * as nix from "@firn/nix";
import { describe, expect, test } from "vitest";
import { importModule } from "./import-module.js";

/** The configuration that the generated program has, printed as Nix again. */
function printed(text: string): string {
  const body = text
    .replace(/^import .*\n/, "")
    .replace(/\/\*\*.*\n/, "")
    .replace("export const machine: MachineArgs =", "return");
  const names = [
    "builtins",
    "config",
    "lib",
    "modulesPath",
    "nix",
    "nodes",
    "options",
    "path",
    "pkgs",
    "str",
  ];
  const values = names.map((name) => nix[name as keyof typeof nix]);
  const machine = new Function(...names, body)(...values) as { config: unknown };
  return nix.print(machine.config);
}

const ARGUMENTS = `{
  pkgs = { hello = "/store/hello"; python3.pkgs = { "a b" = "ab"; }; vim = "vim"; };
  lib = { mkForce = x: { force = x; }; mkIf = c: x: { inherit c x; }; };
  config.web.enable = true;
}`;

const evaluate = (expression: string) =>
  nix.evaluateJson(`with ${ARGUMENTS}; ${expression}`, { allow: [process.cwd()] });

describe("a module means the same in TypeScript and in Nix", () => {
  test.each([
    ["nested paths", '{ a.b = 1; a."c d".e = true; a = { f = null; }; __proto__ = 1; "1" = 2; }'],
    ["numbers", "{ a = [ 1 (-2) 1.5 1.0 .5 9223372036854775807 1.0e-3 ]; b = -3; }"],
    ["strings", '{ a = "x\\n\\t\\"\\\\ \\${y} $$ $" ; b = "`${pkgs.hello}` \\\\${pkgs.vim}$"; c = ""; }'],
    [
      "blocks",
      "{ a = ''\n    set -e\n      ${pkgs.hello}/bin ''${HOME} '''q''' $x ''\\n\n\n    done\n  ''; b = '' one ''; c = ''''; d = ''\n  a\n b''; e = ''\n  ${pkgs.vim}\n    x\n  ''; }",
    ],
    ["calls", "{ a = lib.mkForce [ pkgs.vim ]; b = lib.mkIf config.web.enable { c = 1; }; }"],
    ["quoted selection", '{ a = pkgs.python3.pkgs."a b"; }'],
    [
      "what stays Nix",
      "{ a = with pkgs; [ vim ]; b = let x = 1; in { y = x; }; c = 1 + 2; d = rec { e = 1; f = e; }; }",
    ],
    [
      "inherit",
      "{ a = { inherit (pkgs) vim; }; b = if true then 1 else 2; c = (x: x) 3; d = pkgs.no or 4; }",
    ],
  ])("%s", async (_, source) => {
    const { text } = importModule(source, "web", ".");
    expect(await evaluate(`(${printed(text)})`)).toEqual(await evaluate(source));
  });
});

test("files stay files, and what stays Nix says why", () => {
  const source = `{ pkgs, ... }:
{
  imports = [ ./disk.nix ../common.nix ];
  services.web.root = ./www;
  # Tools.
  environment.systemPackages = with pkgs; [ vim (callPackage ./tool.nix { }) ];
}`;
  expect(importModule(source, "web", "machines")).toMatchInlineSnapshot(`
    {
      "kept": [
        {
          "line": 6,
          "reason": "\`with\`",
        },
      ],
      "text": "import { type MachineArgs, nix, path } from "@firn/nixos";

    /** For \`network.machine("web", machine)\`. */
    export const machine: MachineArgs = {
      modules: ["./machines/disk.nix", "./common.nix"],
      config: {
        services: {
          web: {
            root: path("./machines/www"),
          },
        },
        environment: {
          systemPackages: nix\`with pkgs; [ vim (callPackage ./machines/tool.nix { }) ]\`,
        },
      },
    };
    ",
    }
  `);
});

test("a module with options of its own is refused", () => {
  expect(() => importModule("{ options.a = 1; config = { }; }", "web", ".")).toThrow("keep it as a file");
});
