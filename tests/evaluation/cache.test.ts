import { readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nix, type Pin } from "@firn/nix";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { run, TestNetwork } from "./network.js";

/** Attempts to get an old result for a new question; every one of them must evaluate again. */
let net: TestNetwork;
beforeEach(() => {
  net = new TestNetwork("cache");
});
afterEach(() => net.dispose());

const text = (value: unknown) => ({ config: { environment: { etc: { marker: { text: value } } } } });
const file = (path: string) => ({ modules: [{ path }] });
const marker = (expression: string) => `{ environment.etc.marker.text = ${expression}; }`;

test("a second run evaluates nothing and has the same result", async () => {
  const machines = { a: text("one"), b: text("two") };
  const first = await net.evaluate(machines);
  expect(first.nix).toEqual(["a", "b"]);
  const second = await net.evaluate(machines);
  expect(second.nix).toEqual([]);
  expect(second.evaluated).toEqual(first.evaluated);
});

test("a changed machine alone is evaluated, and a line moved in the program is no change", async () => {
  const before = await net.evaluate({ a: text("one"), b: text("two") });
  const after = await net.evaluate({
    a: { ...text("one"), declared: "index.ts:99" },
    b: text("three"),
  });
  expect(after.nix).toEqual(["b"]);
  expect(after.evaluated.get("a")).toEqual(before.evaluated.get("a"));
  expect(after.evaluated.get("b")?.drvPath).not.toBe(before.evaluated.get("b")?.drvPath);
});

test("a machine added or removed does not evaluate those that do not look at it", async () => {
  await net.evaluate({ a: text("one") });
  expect((await net.evaluate({ a: text("one"), b: text("two") })).nix).toEqual(["b"]);
  expect((await net.evaluate({ b: text("two") })).nix).toEqual([]);
});

test("a touched but equal file changes nothing", async () => {
  net.write("a.nix", marker('"one"'));
  await net.evaluate({ a: file("a.nix") });
  net.write("a.nix", marker('"one"'));
  utimesSync(join(net.root, "a.nix"), new Date(1e9), new Date(2e9));
  expect((await net.evaluate({ a: file("a.nix") })).nix).toEqual([]);
});

test("a changed shared module evaluates its users and nobody else", async () => {
  net.write("shared.nix", marker('"one"'));
  const machines = { a: file("shared.nix"), b: file("./shared.nix"), c: text("own") };
  await net.evaluate(machines);
  net.write("shared.nix", marker('"two"'));
  expect((await net.evaluate(machines)).nix).toEqual(["a", "b"]);
});

test.each([
  ["a path", `imports = [ ./deep/b.nix ];`, `imports = [ ../c.nix ];`],
  ["a path with an interpolation", 'imports = [ ./deep/${"b"}.nix ];', 'imports = [ (../. + "/c.nix") ];'],
  ["import and a directory's default.nix", `imports = [ (import ./deep) ];`, `imports = [ ../c.nix ];`],
  ["toString", `imports = [ (toString ./deep + "/b.nix") ];`, `imports = [ (toString ../. + "/c.nix") ];`],
])("an import of an import is followed: %s", async (_how, first, second) => {
  net.write("a.nix", `{ ${first} }`);
  for (const name of ["b", "default"]) net.write(`deep/${name}.nix`, `{ ${second} }`);
  net.write("c.nix", marker('"one"'));
  const before = await net.evaluate({ a: file("a.nix"), b: text("own") });
  net.write("c.nix", marker('"two"'));
  const after = await net.evaluate({ a: file("a.nix"), b: text("own") });
  expect(after.nix).toEqual(["a"]);
  expect(after.evaluated.get("a")?.drvPath).not.toBe(before.evaluated.get("a")?.drvPath);
});

test.each([
  ["readFile", marker("builtins.readFile ./data.txt")],
  ["a file of JSON", marker("(builtins.fromJSON (builtins.readFile ./data.txt)).text")],
  ["a source", `{ environment.etc.marker.source = ./data.txt; }`],
  [
    "readDir",
    marker('toString (builtins.attrNames (builtins.readDir ./.)) + builtins.readFile (./. + "/data.txt")'),
  ],
])("what a module reads is known: %s", async (_how, module) => {
  net.write("a.nix", module);
  net.write("data.txt", '{ "text": "one" }');
  await net.evaluate({ a: file("a.nix") });
  expect((await net.evaluate({ a: file("a.nix") })).nix).toEqual([]);
  net.write("data.txt", '{ "text": "two" }');
  expect((await net.evaluate({ a: file("a.nix") })).nix).toEqual(["a"]);
});

test.each([
  ["up and down again", () => `import (./deep + "/../c.nix")`],
  ["a step up in an interpolation", () => 'import ./deep/${".."}/c.nix'],
  ["steps up in pieces", () => 'import (./deep + ("/." + "./c.nix"))'],
  ["steps up by interpolation", () => 'import (./deep + "/${"."}${"."}/c.nix")'],
  ["a path with an ending", () => 'import (./c + ".nix")'],
  ["an absolute path", () => `import ${net.root}/c.nix`],
  ["an absolute path in a string", () => `import "${net.root}/c.nix"`],
  ["a path of the store", () => `import "\${./.}/c.nix"`],
  ["builtins.path", () => `import (builtins.path { path = ./.; name = "x"; } + "/c.nix")`],
  ["a link", () => `import ./link.nix`],
  ["a link to a directory", () => `import ./linked/c.nix`],
])("a roundabout way to a file is seen: %s", async (_how, expression) => {
  net.write("deep/b.nix", "{ }");
  net.write("c.nix", '"one"');
  symlinkSync("c.nix", join(net.root, "link.nix"));
  symlinkSync(".", join(net.root, "linked"));
  net.write("a.nix", marker(expression()));
  const before = await net.evaluate({ a: file("a.nix") });
  net.write("c.nix", '"two"');
  const after = await net.evaluate({ a: file("a.nix") });
  expect(after.nix).toEqual(["a"]);
  expect(after.evaluated.get("a")?.drvPath).not.toBe(before.evaluated.get("a")?.drvPath);
});

test("a file that was missing and is there now counts", async () => {
  net.write("a.nix", marker(`if builtins.pathExists ./flag then "yes" else "no"`));
  await net.evaluate({ a: file("a.nix") });
  net.write("flag", "");
  expect((await net.evaluate({ a: file("a.nix") })).nix).toEqual(["a"]);
});

test("nixpkgs that changes in one file evaluates all of its machines", async () => {
  const nixpkgs = net.copyNixpkgs();
  const machines = { a: { config: { environment: { systemPackages: [nix`pkgs.hello`] } } }, b: text("two") };
  const before = await net.evaluate(machines, { nixpkgs });
  expect((await net.evaluate(machines, { nixpkgs })).nix).toEqual([]);
  const packages = join(nixpkgs, "pkgs", "packages.nix");
  writeFileSync(packages, readFileSync(packages, "utf8").replace('version = "2.12.1"', 'version = "2.12.2"'));
  const after = await net.evaluate(machines, { nixpkgs });
  expect(after.nix).toEqual(["a", "b"]);
  expect(after.evaluated.get("a")?.drvPath).not.toBe(before.evaluated.get("a")?.drvPath);
});

test("a changed input of a flake evaluates the machines that use the flake, and no others", async () => {
  net.write("inputs/lib/flake.nix", '{ outputs = _: { word = "one"; }; }');
  net.write(
    "inputs/own/flake.nix",
    `{
      inputs.words.url = "path:${net.root}/inputs/lib";
      outputs = { words, ... }: { nixosModules.marker = ${marker("words.word")}; };
    }`,
  );
  const own = join(net.root, "inputs", "own");
  const lock = () => {
    rmSync(join(own, "flake.lock"), { force: true });
    return run("nix", ["flake", "lock", `path:${own}`]);
  };
  await lock();
  const pins = new Map<string, Pin>([
    ["nixpkgs", { kind: "path", path: NIXPKGS }],
    ["own", { kind: "flake", reference: `path:${own}` }],
  ]);
  const machines = {
    a: { modules: [{ pin: "own", attribute: ["nixosModules", "marker"] }] },
    b: text("two"),
  };
  const before = await net.evaluate(machines, { pins });
  expect((await net.evaluate(machines, { pins })).nix).toEqual([]);
  net.write("inputs/lib/flake.nix", '{ outputs = _: { word = "two"; }; }');
  // The lock file pins the input as it was.
  expect((await net.evaluate(machines, { pins })).nix).toEqual([]);
  await lock();
  const after = await net.evaluate(machines, { pins });
  expect(after.nix).toEqual(["a"]);
  expect(after.evaluated.get("a")?.drvPath).not.toBe(before.evaluated.get("a")?.drvPath);
});

test("who looks at another machine's value follows it; who does not stays", async () => {
  const watching = text(nix`nodes.b.config.environment.etc.marker.text`);
  const before = await net.evaluate({ a: watching, b: text("one"), c: text("own") });
  expect((await net.evaluate({ a: watching, b: text("one"), c: text("own") })).nix).toEqual([]);
  const after = await net.evaluate({ a: watching, b: text("two"), c: text("own") });
  expect(after.nix).toEqual(["a", "b"]);
  expect(after.evaluated.get("a")?.drvPath).not.toBe(before.evaluated.get("a")?.drvPath);
});

test("a watched machine's module file counts for the watcher", async () => {
  net.write("b.nix", marker('"one"'));
  const machines = { a: text(nix`nodes.b.config.environment.etc.marker.text`), b: file("b.nix") };
  await net.evaluate(machines);
  net.write("b.nix", marker('"two"'));
  expect((await net.evaluate(machines)).nix).toEqual(["a", "b"]);
});

test("system, special arguments and the order of modules count", async () => {
  net.write("one.nix", "{ }");
  net.write("two.nix", "{ }");
  const modules = [{ path: "one.nix" }, { path: "two.nix" }];
  await net.evaluate({ a: { modules } });
  expect((await net.evaluate({ a: { modules: modules.toReversed() } })).nix).toEqual(["a"]);
  expect((await net.evaluate({ a: { modules, specialArgs: { x: 1 } } })).nix).toEqual(["a"]);
  expect((await net.evaluate({ a: { modules, specialArgs: { x: 2 } } })).nix).toEqual(["a"]);
  expect((await net.evaluate({ a: { modules } })).nix).toEqual([]);
});

test("the environment cannot be read, so that it cannot fool the cache", async () => {
  const machines = { a: text(nix`"<\${builtins.getEnv "FIRN_TEST_MARKER"}>"`) };
  try {
    process.env.FIRN_TEST_MARKER = "one";
    const before = await net.evaluate(machines);
    process.env.FIRN_TEST_MARKER = "two";
    const again = new TestNetwork("cache-again");
    try {
      // Its own cache is empty: what Nix gives is the same all the same.
      const other = await again.evaluate(machines);
      expect(other.nix).toEqual(["a"]);
      expect(other.evaluated).toEqual(before.evaluated);
    } finally {
      again.dispose();
    }
  } finally {
    delete process.env.FIRN_TEST_MARKER;
  }
});

test("another Nix, and another system that it runs on, evaluate anew", async () => {
  const machines = { a: text(nix`builtins.currentSystem`) };
  await net.evaluate(machines);
  const config = process.env.NIX_CONFIG;
  try {
    process.env.NIX_CONFIG = `${config}\nsystem = aarch64-linux`;
    expect((await net.evaluate(machines)).nix).toEqual(["a"]);
  } finally {
    process.env.NIX_CONFIG = config;
  }
  expect((await net.evaluate(machines)).nix).toEqual([]);
  net.beforeNix('[ "$1" != --version ] || { echo "nix-instantiate (Nix) 2.99.0"; exit 1; }');
  // What is asked once a process is asked again for another PATH.
  process.env.PATH = `${process.env.PATH}:`;
  expect((await net.evaluate(machines)).nix).toEqual(["a"]);
});
