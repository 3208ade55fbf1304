import { afterAll, beforeAll, expect, test } from "vitest";
import { TypedProject } from "./project.js";

const MODULE = `{ lib, pkgs, ... }:
let inherit (lib) mkOption mkEnableOption mkPackageOption types literalExpression; in {
  imports = [
    (lib.mkRenamedOptionModule [ "doc" "oldPort" ] [ "doc" "port" ])
    (lib.mkRemovedOptionModule [ "doc" "gone" ] "It is gone.")
  ];
  options.doc = {
    port = mkOption {
      type = types.port;
      default = 80;
      example = 8080;
      description = "Where it listens.\\n\\nBelow 1024 it needs */ a capability.";
    };
    enable = mkEnableOption "the documentation";
    package = mkPackageOption pkgs "hello" { };
    settings = mkOption {
      type = types.attrsOf types.int;
      default = { };
      defaultText = literalExpression "{ a = config.b; }";
      example = literalExpression ''
        {
          a = 1;
        }
      '';
      description = lib.mdDoc "Settings.";
    };
    workers = mkOption { type = types.nullOr (types.ints.between 1 9); default = null; description = "How many."; };
    version = mkOption { type = types.str; readOnly = true; description = "What runs."; };
    plumbing = mkOption { type = types.bool; internal = true; description = "For modules."; };
    legacy = mkOption { type = types.bool; description = "This option is deprecated, use port."; };
    list = mkOption { type = types.loaOf types.int; description = "Numbers."; };
  };
}`;

const project = new TypedProject();
beforeAll(async () => {
  project.write("modules/doc.nix", MODULE);
  await project.types("modules/doc.nix");
});
afterAll(() => project.remove());

test("comments tell description, range, default, example, declaration, and what not to set", () => {
  const text = project.read("nixos-options.d.ts");
  const start = text.indexOf("interface Doc {");
  expect(text.slice(start, text.indexOf("\n}\n", start) + 2)).toMatchInlineSnapshot(`
    "interface Doc {
      /**
       * Whether to enable the documentation.
       *
       * @default false
       *
       * @example true
       *
       * @see modules/doc.nix
       */
      enable?: Nix<boolean>;
      /**
       * @deprecated Removed: setting it fails the evaluation.
       *
       * @see modules/doc.nix
       */
      gone?: RemovedOption;
      /**
       * This option is deprecated, use port.
       *
       * @deprecated
       *
       * @see modules/doc.nix
       */
      legacy?: Nix<boolean>;
      /**
       * Numbers.
       *
       * @deprecated Mixing lists with attribute values is no longer possible; please use \`types.attrsOf\` instead. See https://github.com/NixOS/nixpkgs/issues/1800 for the motivation.
       *
       * @see modules/doc.nix
       */
      list?: Nix<Record<string, Nix<number>>>;
      /**
       * Alias of {option}\`doc.port\`.
       *
       * 16 bit unsigned integer; between 0 and 65535 (both inclusive)
       *
       * @deprecated Renamed to doc.port.
       *
       * @see modules/doc.nix
       */
      oldPort?: Nix<number>;
      /**
       * The hello package to use.
       *
       * @default pkgs.hello
       *
       * @see modules/doc.nix
       */
      package?: Nix<NixPackage>;
      /**
       * For modules.
       *
       * @internal
       *
       * @see modules/doc.nix
       */
      plumbing?: Nix<boolean>;
      /**
       * Where it listens.
       *
       * Below 1024 it needs *\\/ a capability.
       *
       * 16 bit unsigned integer; between 0 and 65535 (both inclusive)
       *
       * @default 80
       *
       * @example 8080
       *
       * @see modules/doc.nix
       */
      port?: Nix<number>;
      /**
       * Settings.
       *
       * @default { a = config.b; }
       *
       * @example
       * {
       *   a = 1;
       * }
       *
       * @see modules/doc.nix
       */
      settings?: Nix<Record<string, Nix<number>>>;
      /**
       * What runs.
       *
       * Read-only.
       *
       * @see modules/doc.nix
       */
      readonly version?: Nix<string>;
      /**
       * How many.
       *
       * integer between 1 and 9 (both inclusive)
       *
       * @default null
       *
       * @see modules/doc.nix
       */
      workers?: Nix<number | null>;
    }"
  `);
  expect(text).not.toContain(project.directory);
});
