import { expect, test } from "vitest";
import { evaluate, failure, nixos } from "./evaluate.js";

// What nixpkgs itself answers to the same, from its sources and from a release that evaluates without a download.
const option = (type: string, ...values: string[]) =>
  `(lib.evalModules { modules = [ { options.x = lib.mkOption { type = lib.types.${type}; }; } ${values.map((value) => `{ _file = "/f.nix"; x = ${value}; }`).join(" ")} ]; }).config.x`;

test.each([
  ["equal values", option("int", "1", "1"), 1],
  ["a default and a value", option("int", "lib.mkDefault 1", "2"), 2],
  ["a forced value", option("int", "lib.mkForce 1", "2"), 1],
  ["priorities inside mkMerge", option("int", "lib.mkMerge [ 1 (lib.mkForce 3) ]"), 3],
  ["conditions", option("listOf int", "[ (lib.mkIf false 1) 2 ]", "lib.mkIf false [ 3 ]"), [2]],
  ["order", option("lines", 'lib.mkAfter "z"', '"m"', 'lib.mkBefore "a"'), "a\nm\nz"],
  ["lists, the last module first", option("listOf int", "[ 1 ]", "[ 2 ]"), [2, 1]],
  ["sets", option("attrsOf int", "{ a = 1; b = lib.mkDefault 2; }", "{ b = 3; }"), { a: 1, b: 3 }],
  [
    "conversion",
    option("coercedTo int toString str", "1").replace(
      "lib.types.coercedTo int toString str",
      "lib.types.coercedTo lib.types.int toString lib.types.str",
    ),
    "1",
  ],
  [
    "a submodule that knows its name",
    option(
      "attrsOf (lib.types.submodule ({ name, ... }: { options.n = lib.mkOption { default = name; }; }))",
      "{ a = { }; }",
    ),
    { a: { n: "a" } },
  ],
  [
    "values without a declaration",
    option(
      "submodule { freeformType = lib.types.attrsOf lib.types.int; options.a = lib.mkOption { default = 1; }; }",
      "{ b = 2; }",
    ),
    { a: 1, b: 2 },
  ],
])("modules merge %s", async (_what, expression, expected) => {
  expect(
    (await evaluate(expression.replaceAll(/types\.(listOf|attrsOf) int/g, "types.$1 lib.types.int"))).value,
  ).toEqual(expected);
});

test.each([
  [
    "a misspelt option",
    `{ _file = "/web.nix"; networking.firewal.enable = true; }`,
    "The option `networking.firewal' does not exist. Definition values:\n- In `/web.nix':\n{\nenable = true;\n}\n\nDid you mean `networking.firewall'?",
  ],
  [
    "a wrong type",
    `{ _file = "/web.nix"; networking.firewall.allowedTCPPorts = [ "http" ]; }`,
    'A definition for option `networking.firewall.allowedTCPPorts."[definition 1-entry 1]"\' is not of type `16 bit unsigned integer; between 0 and 65535 (both inclusive)\'. Definition values:\n- In `/web.nix\': "http"',
  ],
  [
    "two values",
    `{ _file = "/web.nix"; imports = [ { _file = "/db.nix"; time.timeZone = "UTC"; } ]; time.timeZone = "CET"; }`,
    'The option `time.timeZone\' has conflicting definition values:\n- In `/db.nix\': "UTC"\n- In `/web.nix\': "CET"\nUse `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.',
  ],
  [
    "no value",
    `({ lib, config, ... }: { options.x = lib.mkOption { type = lib.types.str; }; config.networking.domain = config.x; })`,
    "The option `x' was accessed but has no value defined. Try setting the option.",
  ],
  [
    "a value that is read only",
    `{ system.nixos.release = "1"; }`,
    "The option `system.nixos.release' is read-only, but it's set multiple times.",
  ],
  [
    "failing assertions",
    `{ assertions = [ { assertion = false; message = "the moon is full"; } ]; }`,
    "Failed assertions:\n- the moon is full",
  ],
  [
    "a machine that cannot boot",
    `{ lib, ... }: { boot.isContainer = lib.mkForce false; }`,
    "- The ‘fileSystems’ option does not specify your root file system.",
  ],
  [
    "a package that is not free",
    `{ pkgs, ... }: { environment.systemPackages = [ pkgs.hello-unfree ]; }`,
    "has an unfree license (‘unfree’), refusing to evaluate.",
  ],
  [
    "a misplaced option",
    `({ ... }: { options = { }; services.minidb.enable = true; })`,
    "has an unsupported attribute `services'. This is caused by introducing a top-level `config' or `options' attribute.",
  ],
  [
    "an argument that nobody gives",
    `{ nothing, ... }: { time.timeZone = nothing; }`,
    "attribute 'nothing' missing",
  ],
])("%s is refused in nixpkgs' words", async (_what, module, message) => {
  expect(await failure(`${nixos(module)}.config.system.build.toplevel.drvPath`)).toContain(message);
});

test("warnings are said, and the machine is still evaluated", async () => {
  const { said } = await evaluate(
    `${nixos(`{ warnings = [ "it is late" ]; services.openssh.permitRootLogin = "no"; }`)}.config.system.build.toplevel.drvPath`,
  );
  expect(said).toMatch(/evaluation warning:(?:\S*) it is late/);
  expect(said).toContain("The option `services.openssh.permitRootLogin' defined in");
});

test("types tell what they hold, as Firn's placeholders ask them", async () => {
  const { value } = await evaluate(`let t = lib.types; in {
    list = (t.listOf t.str).nestedTypes.elemType.name;
    nullable = (t.nullOr t.int).nestedTypes.elemType.name;
    either = [ (t.either t.int t.str).nestedTypes.left.name (t.either t.int t.str).nestedTypes.right.name ];
    enum = (t.enum [ "a" "b" ]).functor.payload;
    sub = builtins.attrNames ((t.attrsOf (t.submodule { options.a = lib.mkOption { }; })).getSubOptions [ ]);
    names = map (each: each.name) [ t.port t.ints.unsigned t.ints.positive t.lines t.path t.package (t.lazyAttrsOf t.str) ];
    words = map (each: each.description) [ (t.listOf (t.nullOr t.str)) (t.either t.str (t.listOf t.str)) (t.attrsOf (t.submodule { })) (t.enum [ 1 "x" ]) ];
  }`);
  expect(value).toEqual({
    list: "str",
    nullable: "int",
    either: ["int", "str"],
    enum: { values: ["a", "b"] },
    sub: ["_module", "a"],
    names: [
      "unsignedInt16",
      "unsignedInt",
      "positiveInt",
      "separatedString",
      "path",
      "package",
      "lazyAttrsOf",
    ],
    words: [
      "list of (null or string)",
      "string or list of string",
      "attribute set of (submodule)",
      'one of 1, "x"',
    ],
  });
});

test("arguments, disabled modules and extensions reach the modules", async () => {
  const { value } = await evaluate(`let
    machine = import <firn/nixos/lib/eval-config.nix> {
      system = "x86_64-linux";
      specialArgs.given = "special";
      modules = [
        ({ given, later, modulesPath, ... }: {
          imports = [ { key = "unwanted"; networking.domain = "unwanted"; } ];
          disabledModules = [ { key = "unwanted"; } ];
          networking.hostName = given;
          networking.search = [ later (baseNameOf modulesPath) ];
        })
        { _module.args.later = "argument"; nixpkgs.overlays = [ (final: prev: { hello = prev.hello // { version = "9"; }; }) ]; }
      ];
    };
    extended = machine.extendModules { modules = [ ({ lib, ... }: { networking.hostName = lib.mkForce "extended"; }) ]; };
  in [ machine.config.networking.hostName machine.config.networking.search machine.config.networking.domain extended.config.networking.hostName machine.pkgs.hello.version ]`);
  expect(value).toEqual(["special", ["argument", "modules"], null, "extended", "9"]);
});
