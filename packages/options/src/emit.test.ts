import { expect, test } from "vitest";
import { emitOptionTypes } from "./emit.js";
import { countOptions, type OptionLeaf, type OptionTree, type OptionType } from "./tree.js";

const option = (type: OptionType, more: Partial<OptionLeaf> = {}): OptionLeaf => ({
  _option: true,
  type,
  description: null,
  default: null,
  example: null,
  declarations: [],
  readOnly: false,
  hidden: false,
  deprecated: null,
  ...more,
});

const tree: OptionTree = {
  services: {
    web: {
      enable: option(
        { kind: "bool" },
        {
          description: "Whether to serve.",
          default: "false",
          declarations: ["/nix/store/x-source/nixos/modules/web.nix"],
        },
      ),
      port: option(
        { kind: "number", note: "16 bit unsigned integer; between 0 and 65535 (both inclusive)" },
        { example: "8080" },
      ),
      "log-level": option({ kind: "enum", values: ["info", "debug", null] }),
      hosts: option({
        kind: "attrsOf",
        elem: { kind: "submodule", options: { root: option({ kind: "nullOr", elem: { kind: "path" } }) } },
      }),
      plugins: option({
        kind: "listOf",
        elem: { kind: "either", sides: [{ kind: "package" }, { kind: "str", note: "string" }] },
      }),
      make: option({ kind: "functionTo", elem: { kind: "listOf", elem: { kind: "package" } } }),
      settings: option({
        kind: "submodule",
        options: { a: option({ kind: "any" }) },
        freeform: { kind: "any" },
      }),
      version: option(
        { kind: "str", note: "string" },
        { readOnly: true, description: "Ends */ here. This option is deprecated." },
      ),
      secretly: option({ kind: "bool" }, { hidden: true }),
    },
  },
};

test("options become interfaces that a person can read", () => {
  expect(
    emitOptionTypes(tree, {
      release: "26.05",
      options: countOptions(tree),
      roots: ["/nix/store/x-source", "/home/me/shop"],
    }),
  ).toMatchInlineSnapshot(`
    "// NixOS 26.05: 11 options. Written by \`firn types\`; do not edit.
    import type { Nix, NixData, NixFunction, NixPackage, NixPath, RemovedOption } from "@firn/nixos";

    declare module "@firn/nixos" {
      interface NixosOptions {
        services?: Nix<Services>;
      }
    }

    interface ServicesWebHosts {
      root?: Nix<NixPath | null>;
    }

    interface ServicesWebSettings {
      a?: NixData;
    }

    interface ServicesWeb {
      /**
       * Whether to serve.
       *
       * @default false
       *
       * @see nixos/modules/web.nix
       */
      enable?: Nix<boolean>;
      /**
       * 16 bit unsigned integer; between 0 and 65535 (both inclusive)
       *
       * @example 8080
       */
      port?: Nix<number>;
      "log-level"?: Nix<"info" | "debug" | null>;
      hosts?: Nix<Record<string, Nix<ServicesWebHosts>>>;
      plugins?: Nix<readonly Nix<NixPackage | string>[]>;
      make?: Nix<NixFunction<readonly Nix<NixPackage>[]>>;
      settings?: Nix<ServicesWebSettings & Record<string, NixData>>;
      /**
       * Ends *\\/ here. This option is deprecated.
       *
       * Read-only.
       *
       * @deprecated
       */
      readonly version?: Nix<string>;
      /**
       * @internal
       */
      secretly?: Nix<boolean>;
    }

    interface Services {
      web?: Nix<ServicesWeb>;
    }
    "
  `);
});

test("equal option sets share one interface, others never a name", () => {
  const leaf = option({ kind: "bool" });
  const text = emitOptionTypes(
    { a: { b: { x: leaf } }, "a-b": { x: leaf }, ab: { y: leaf }, aB: { z: leaf } },
    { release: "26.05", options: 4, roots: [] },
  );
  const names = [...text.matchAll(/^interface (\w+)/gm)].map((match) => match[1]);
  expect(new Set(names).size).toBe(names.length);
  expect(text).toContain('"a-b"?: Nix<AB>;');
});
