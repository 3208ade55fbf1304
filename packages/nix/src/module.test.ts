import { expect, test } from "vitest";
import { fn } from "./fn.js";
import { builtins, config, lib, modulesPath, nodes, options, pkgs } from "./globals.js";
import { letIn } from "./let-in.js";
import { moduleLines, printModule } from "./module.js";
import { op } from "./op.js";
import { showPath } from "./option-path.js";
import { path } from "./path.js";
import { nix, str } from "./template.js";

test("a machine reads as written by hand", () => {
  const text = printModule(
    {
      services: {
        openssh: { enable: true },
        nginx: {
          enable: true,
          virtualHosts: {
            "shop.example": {
              locations: { "/": { proxyPass: str`http://${nodes.db.config.networking.hostName}:8080` } },
            },
          },
        },
      },
      systemd: {
        services: {
          hello: { script: str`set -e\n${pkgs.hello}/bin/hello ${lib.escapeShellArg("a b")} '$HOME'\n` },
        },
      },
      environment: { systemPackages: lib.mkForce([pkgs.vim, nix`pkgs.callPackage ./shop.nix { }`]) },
      networking: lib.mkIf(op.not(config.boot.isContainer), {
        firewall: { allowedTCPPorts: [80, 443] },
        hosts: { "10.0.0.1": ["db", "db.shop.internal"] },
      }),
      users: { users: { root: { openssh: { authorizedKeys: { keys: ["ssh-ed25519 AAAA"] } } } } },
    },
    { header: ['Machine "web" of network "shop".', "", "Declared at index.ts:3"], pathPrefix: "../.." },
  );
  expect(text).toMatchInlineSnapshot(`
    "# Machine "web" of network "shop".
    #
    # Declared at index.ts:3
    { config, lib, pkgs, nodes, ... }:
    {
      environment.systemPackages = lib.mkForce [ pkgs.vim (pkgs.callPackage ../../shop.nix { }) ];
      networking = lib.mkIf (!config.boot.isContainer) {
        firewall.allowedTCPPorts = [ 80 443 ];
        hosts."10.0.0.1" = [ "db" "db.shop.internal" ];
      };
      services = {
        nginx = {
          enable = true;
          virtualHosts."shop.example".locations."/".proxyPass = "http://\${nodes.db.config.networking.hostName}:8080";
        };
        openssh.enable = true;
      };
      systemd.services.hello.script = ''
        set -e
        \${pkgs.hello}/bin/hello \${lib.escapeShellArg "a b"} '$HOME'
      '';
      users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAA" ];
    }
    "
  `);
});

test("long calls, lists, functions and conditions break where a person would", () => {
  const long = Array.from({ length: 9 }, (_, index) => `package-number-${index}`);
  const text = printModule({
    list: long,
    call: lib.mkIf(true, long),
    two: lib.f(long, { a: 1, b: long }),
    fun: fn((a, b) => ({ a, b, long })),
    pattern: fn.attrs({ stdenv: fn.required, debug: false }, ({ stdenv, debug }) =>
      stdenv.mkDerivation({ debug, name: "x" }),
    ),
    python: pkgs.python3.withPackages(fn((ps) => [ps.requests, ps.flask])),
    operators: op.concat(long, [pkgs.hello]),
    condition: op.ifElse(op.eq(config.networking.hostName, "a-rather-long-host-name"), long, [
      builtins.currentSystem,
    ]),
    bound: letIn({ port: config.services.web.port }, ({ port }) => [port, nix`${port} + 1`]),
    text: "first\n  second\n\nlast\n",
    unfinished: "first\nlast",
    code: nix`
      pkgs.writeShellApplication {
        name = "x";
        text = ''
          echo ${"hello"}
        '';
      }
    `,
  });
  expect(text).toMatchInlineSnapshot(`
    "{ config, lib, pkgs, ... }:
    {
      bound =
        let
          port = config.services.web.port;
        in
        [ port (port + 1) ];
      call = lib.mkIf true [
        "package-number-0"
        "package-number-1"
        "package-number-2"
        "package-number-3"
        "package-number-4"
        "package-number-5"
        "package-number-6"
        "package-number-7"
        "package-number-8"
      ];
      code = pkgs.writeShellApplication {
        name = "x";
        text = ''
          echo hello
        '';
      };
      condition =
        if config.networking.hostName == "a-rather-long-host-name" then
          [
            "package-number-0"
            "package-number-1"
            "package-number-2"
            "package-number-3"
            "package-number-4"
            "package-number-5"
            "package-number-6"
            "package-number-7"
            "package-number-8"
          ]
        else
          [ builtins.currentSystem ];
      fun = a: b: {
        inherit a;
        inherit b;
        long = [
          "package-number-0"
          "package-number-1"
          "package-number-2"
          "package-number-3"
          "package-number-4"
          "package-number-5"
          "package-number-6"
          "package-number-7"
          "package-number-8"
        ];
      };
      list = [
        "package-number-0"
        "package-number-1"
        "package-number-2"
        "package-number-3"
        "package-number-4"
        "package-number-5"
        "package-number-6"
        "package-number-7"
        "package-number-8"
      ];
      operators =
        [
          "package-number-0"
          "package-number-1"
          "package-number-2"
          "package-number-3"
          "package-number-4"
          "package-number-5"
          "package-number-6"
          "package-number-7"
          "package-number-8"
        ]
        ++ [ pkgs.hello ];
      pattern = { stdenv, debug ? false, ... }: stdenv.mkDerivation { inherit debug; name = "x"; };
      python = pkgs.python3.withPackages (ps: [ ps.requests ps.flask ]);
      text = ''
        first
          second

        last
      '';
      two = lib.f
        [
          "package-number-0"
          "package-number-1"
          "package-number-2"
          "package-number-3"
          "package-number-4"
          "package-number-5"
          "package-number-6"
          "package-number-7"
          "package-number-8"
        ]
        {
          a = 1;
          b = [
            "package-number-0"
            "package-number-1"
            "package-number-2"
            "package-number-3"
            "package-number-4"
            "package-number-5"
            "package-number-6"
            "package-number-7"
            "package-number-8"
          ];
        };
      unfinished = ''
        first
        last'';
    }
    "
  `);
});

test("the header has the arguments that are used and no other", () => {
  const header = (value: unknown) => printModule({ a: value as never }).split("\n")[0];
  expect(header(1)).toBe("{ ... }:");
  expect(header([nodes, pkgs, options, modulesPath, lib, config])).toBe(
    "{ config, lib, pkgs, options, modulesPath, nodes, ... }:",
  );
  expect(header("pkgs.hello ${lib}")).toBe("{ ... }:");
  expect(header(str`pkgs.hello ${lib.x}`)).toBe("{ lib, ... }:");
  expect(
    header(
      builtins.map(
        fn((x) => [x]),
        [],
      ),
    ),
  ).toBe("{ ... }:");
  expect(header(nix`inputs.foo.packages.x`)).toBe("{ inputs, ... }:");
  expect(header(nix`with pkgs; [ hello vim lib ]`)).toBe("{ lib, pkgs, ... }:");
  expect(header(nix`"${"x"} \${firnUnknown [ "a" ]}"`)).toBe("{ firnUnknown, ... }:");
});

test("arguments under `with` are found when they are named", () => {
  const module = { a: nix`with pkgs; [ hello inputs ]` };
  expect(printModule(module, { args: ["inputs"] }).split("\n")[0]).toBe("{ pkgs, inputs, ... }:");
});

test("a whole module may be an expression, and may be empty", () => {
  expect(printModule(lib.mkIf(config.a, { b: 1 }))).toBe(
    "{ config, lib, ... }:\nlib.mkIf config.a { b = 1; }\n",
  );
  expect(printModule({})).toBe("{ ... }:\n{ }\n");
});

test("equal values give equal text", () => {
  const one = { b: { y: 1, x: [{ q: 1, p: 2 }] }, a: str`${"x"}y`, 2: 1, 10: 2 };
  const other = { 10: 2, a: str`x${"y"}`, 2: 1, b: { x: [{ p: 2, q: 1 }], y: 1 } };
  expect(printModule(one)).toBe(printModule(other));
  expect(printModule(one)).toBe(printModule(structuredClone({ ...one, a: "xy" })));
});

test("a comment cannot end early", () => {
  expect(printModule({}, { header: ["a\nb\rc\r\nd"] })).toBe("# a\n# b\n# c\n# d\n{ ... }:\n{ }\n");
});

test("the way to the project root may have any name, and a slash at its end", () => {
  const module = { a: path("x y"), b: nix`import ./b.nix`, c: nix`./c/${"d"}.nix` };
  const body = (pathPrefix: string) =>
    printModule(module, { pathPrefix }).split("\n").slice(2, -2).join("\n");
  expect(body("../../")).toBe(
    '  a = ./. + "/../../x y";\n  b = import ../../b.nix;\n  c = ../../c/${"d"}.nix;',
  );
  expect(body("../my shop")).toBe(
    '  a = ./. + "/../my shop/x y";\n  b = import (./. + "/../my shop/b.nix");\n  c = (./. + "/../my shop/c/${"d"}.nix");',
  );
  expect(body("/my shop/")).toBe(
    '  a = /. + "/my shop/x y";\n  b = import (/. + "/my shop/b.nix");\n  c = (/. + "/my shop/c/${"d"}.nix");',
  );
  expect(body("")).toBe(body("."));
});

test("paths start at the project root, wherever the file is", () => {
  const module = {
    a: path("./x.nix"),
    b: path("a b/é"),
    c: path("/etc/x"),
    d: nix`import ./d.nix`,
    e: [path(".")],
    f: path(".."),
  };
  expect(printModule(module)).toBe(
    '{ ... }:\n{\n  a = ./x.nix;\n  b = ./. + "/a b/é";\n  c = /etc/x;\n  d = import ./d.nix;\n  e = [ ./. ];\n  f = ../.;\n}\n',
  );
  expect(printModule(module, { pathPrefix: "../.." })).toBe(
    '{ ... }:\n{\n  a = ../../x.nix;\n  b = ./. + "/../../a b/é";\n  c = /etc/x;\n  d = import ../../d.nix;\n  e = [ ../.. ];\n  f = ../../..;\n}\n',
  );
});

test("moduleLines tells where each value stands in the text", () => {
  const config = {
    services: {
      web: { enable: true, text: "a\nb\n", ports: Array.from({ length: 30 }, (_, index) => 10_000 + index) },
      "a b": lib.mkMerge([{ c: { d: 1 } }, lib.mkIf(true, { c: { d: lib.mkForce(2) } })]),
    },
    made: lib.f(
      { inner: 1 },
      fn((x) => ({ y: x })),
    ),
    pkgs,
    code: nix`{ a = ${{ b: 1 }}; }`,
  };
  const options = { header: ["one", "two"] };
  const text = printModule(config, options).split("\n");
  const lines = moduleLines(config, options);
  const shown = lines.map(({ path, line }) => `${showPath(path)}: ${text[line - 1]?.trim()}`);
  expect(shown.filter((each) => !/ports\[[2-9]|ports\[\d\d/.test(each))).toMatchInlineSnapshot(`
    [
      "code: code = { a = { b = 1; }; };",
      "made: made = lib.f { inner = 1; } (x: { y = x; });",
      "pkgs: inherit pkgs;",
      "services: services = {",
      "services."a b": "a b" = lib.mkMerge [ { c.d = 1; } (lib.mkIf true { c.d = lib.mkForce 2; }) ];",
      "services."a b": "a b" = lib.mkMerge [ { c.d = 1; } (lib.mkIf true { c.d = lib.mkForce 2; }) ];",
      "services."a b".c: "a b" = lib.mkMerge [ { c.d = 1; } (lib.mkIf true { c.d = lib.mkForce 2; }) ];",
      "services."a b".c.d: "a b" = lib.mkMerge [ { c.d = 1; } (lib.mkIf true { c.d = lib.mkForce 2; }) ];",
      "services."a b": "a b" = lib.mkMerge [ { c.d = 1; } (lib.mkIf true { c.d = lib.mkForce 2; }) ];",
      "services."a b".c: "a b" = lib.mkMerge [ { c.d = 1; } (lib.mkIf true { c.d = lib.mkForce 2; }) ];",
      "services."a b".c.d: "a b" = lib.mkMerge [ { c.d = 1; } (lib.mkIf true { c.d = lib.mkForce 2; }) ];",
      "services.web: web = {",
      "services.web.enable: enable = true;",
      "services.web.ports: ports = [",
      "services.web.ports[0]: 10000",
      "services.web.ports[1]: 10001",
      "services.web.text: text = ''",
    ]
  `);
  expect(lines.find(({ path }) => showPath(path) === "services.web.enable")?.value).toBe(true);
  const merged = lines.filter(({ path }) => showPath(path) === 'services."a b".c.d');
  const cut = ({ line, column, end }: (typeof lines)[number]) =>
    text[line - 1]?.slice(column - 1, end.column - 1);
  expect(merged.map(cut)).toEqual(["c.d = 1;", "c.d = lib.mkForce 2;"]);
});
