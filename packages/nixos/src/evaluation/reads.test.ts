import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { ProjectReads } from "./reads.js";

let root: string;
const write = (name: string, text: string) => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};
const digest = (...modules: string[]) =>
  new ProjectReads(root).digest(
    modules.map((name) => join(root, name)),
    new Map(),
  );

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "firn-reads-"));
  write("a.nix", "{ imports = [ ./shared.nix ]; }");
  write("b.nix", '{ imports = [ ./other.nix ]; environment.etc.x.source = ./files/${"x"}; }');
  write("shared.nix", "{ imports = [ ./deep/one.nix ]; }");
  write("deep/one.nix", "{ text = builtins.readFile ../data.txt; }");
  write("data.txt", "one");
  write("other.nix", "{ }");
  write("files/x", "1");
});

test("an import of an import counts, for those who use it and nobody else", () => {
  const before = [digest("a.nix"), digest("b.nix")];
  write("data.txt", "two");
  const after = [digest("a.nix"), digest("b.nix")];
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

test("a touched but equal file changes nothing", () => {
  const before = digest("a.nix");
  utimesSync(join(root, "shared.nix"), new Date(), new Date());
  expect(digest("a.nix")).toBe(before);
});

test("a path with an interpolation stands for its directory", () => {
  const before = digest("b.nix");
  write("files/y", "new");
  expect(digest("b.nix")).not.toBe(before);
});

test("a file that was not there counts when it comes", () => {
  write("a.nix", "{ x = builtins.pathExists ./maybe.nix; }");
  const before = digest("a.nix");
  write("maybe.nix", "{ }");
  expect(digest("a.nix")).not.toBe(before);
});

test("a path that is made longer stands for what begins with it", () => {
  write("a.nix", '{ x = import (./deep/on + "e.nix"); }');
  write("deep/two.nix", "{ }");
  const before = digest("a.nix");
  write("deep/two.nix", "{ y = 1; }");
  expect(digest("a.nix")).toBe(before);
  write("deep/one.nix", "{ y = 1; }");
  const after = digest("a.nix");
  expect(after).not.toBe(before);
  write("deep/only", "");
  expect(digest("a.nix")).not.toBe(after);
});

test.each([
  "toString ./a.nix",
  "import (dirOf ./a.nix)",
  '/. + "x"',
  'import (./. + ("/." + "./x"))',
  'import (./deep + "/${".."}/x")',
  "./.",
])("%s may read the whole project", (expression) => {
  write("a.nix", `{ x = ${expression}; }`);
  const before = digest("a.nix");
  write("elsewhere/unrelated.txt", "new");
  expect(digest("a.nix")).not.toBe(before);
});

test("a file that git ignores counts: Nix can read it", () => {
  execFileSync("git", ["init", "--quiet", root]);
  write(".gitignore", "local.nix\n");
  write("local.nix", "1");
  write("a.nix", '{ x = import (./. + "/local.nix"); }');
  const before = digest("a.nix");
  write("local.nix", "2");
  expect(digest("a.nix")).not.toBe(before);
});
