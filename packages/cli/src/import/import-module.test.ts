import * as nix from "@firn/nix";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { importModule } from "./import-module.js";

/** The configuration that the generated program has, printed as Nix again. */
function printed(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  const body = outputText
    .replace(/^import (\{.*?\}) from "@firn\/nixos";$/m, "const $1 = exported;")
    .replace("export const machine =", "return");
  const machine = new Function("exported", body)(nix) as { config: unknown };
  return nix.print(machine.config);
}

const ARGUMENTS = `{
  pkgs = { hello = "/store/hello"; python3.pkgs = { "a b" = "ab"; }; vim = "vim"; };
  lib = { mkForce = x: { force = x; }; mkIf = c: x: { inherit c x; }; optional = c: x: if c then [ x ] else [ ]; head = builtins.head; };
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
    [
      "with",
      '{ a = with pkgs; [ vim (python3.pkgs."a b") hello.x or 1 ]; b = with lib; mkForce (mkIf true 1); c = with pkgs; toString 3; }',
    ],
    [
      "with in with",
      "with lib; { a = mkForce (with pkgs; [ vim (head [ 1 ]) ]); b = with pkgs; optional true vim; }",
    ],
    [
      "let around the module",
      `let
        port = 8080; host-name = "web"; inherit (lib) mkForce; class = { b.c = [ port 1 ]; b.d = "x"; };
        double = x: x * 2; later = class.b; default = rec { a = 1; b = a; };
      in let again = later; in
      { a = mkForce port; b = "\${host-name}.example"; c = class; d = double port; e = port + 1; f = again.c; g = [ later default ]; h = with pkgs; [ vim port ]; }`,
    ],
    [
      "a let whose variables use each other, and one inside",
      "let a = { x = b.y; }; b = { y = 1; z = a.x; }; in { c = b.z; d = let e = 1; in e; }",
    ],
    ["comments", "# top\n{ /* in */ a = 1; # after\n b = [ # first\n 1 # one\n 2 ]; # end\n # last\n}"],
  ])("%s", async (_, source) => {
    const { text } = importModule(source, "web", ".");
    expect(await evaluate(`(${printed(text)})`)).toEqual(await evaluate(source));
  });
});

test("what a person reads: comments, files, variables, and what stays Nix with its reason", () => {
  const source = `# The web server.
{ config, pkgs, lib, modulesPath, ... }:
let
  # Where it listens.
  port = 8080;
  domain-name = "shop.example";
  mkSite = root: { inherit root; forceSSL = true; };
in {
  imports = [ ./disk.nix ../common.nix (modulesPath + "/profiles/minimal.nix") ];
  services.web = {
    root = ./www;
    inherit port; # not 80
    /* By name. */
    sites.\${domain-name} = mkSite ./www;
    hosts = { "\${domain-name}" = port + 1; };
  };
  # Tools.
  environment.systemPackages = with pkgs; [
    vim
    (callPackage ./tool.nix { }) # our own
    (python3.withPackages (ps: [ ps.requests ]))
    # that is all
  ];
  networking.domain = lib.mkDefault domain-name;
}`;
  const { text, kept } = importModule(source, "web", "machines");
  expect(text).toMatchInlineSnapshot(`
    "// The web server.
    import { lib, type MachineArgs, nix, path, pkgs } from "@firn/nixos";

    // Where it listens.
    const port = 8080;
    const domainName = "shop.example";
    const mkSite = nix\`root: { inherit root; forceSSL = true; }\`;

    /** For \`network.machine("web", machine)\`. */
    export const machine: MachineArgs = {
      modules: ["./machines/disk.nix", "./common.nix", nix\`(modulesPath + "/profiles/minimal.nix")\`],
      config: {
        services: {
          web: nix\`let domain-name = \${domainName}; mkSite = \${mkSite}; port = \${port}; in {
        root = ./machines/www;
        inherit port; # not 80
        /* By name. */
        sites.\\\${domain-name} = mkSite ./machines/www;
        hosts = { "\\\${domain-name}" = port + 1; };
      }\`,
        },
        environment: {
          // Tools.
          systemPackages: [
            pkgs.vim,
            pkgs.callPackage(path("./machines/tool.nix"), {}), // our own
            pkgs.python3.withPackages(nix\`(ps: [ ps.requests ])\`),
            // that is all
          ],
        },
        networking: {
          domain: lib.mkDefault(domainName),
        },
      },
    };
    "
  `);
  expect(kept).toMatchInlineSnapshot(`
    [
      {
        "line": 7,
        "reason": "a function",
      },
      {
        "line": 9,
        "reason": "\`+\`",
      },
      {
        "line": 10,
        "reason": "a computed attribute name",
      },
      {
        "line": 21,
        "reason": "a function",
      },
    ]
  `);
});

test("a module with options of its own is refused", () => {
  expect(() => importModule("{ options.a = 1; config = { }; }", "web", ".")).toThrow("keep it as a file");
});
