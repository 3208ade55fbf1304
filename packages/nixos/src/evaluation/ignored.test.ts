import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { ignoredIn } from "./ignored.js";

let root: string;
const write = (file: string, text = "") => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { stdio: "ignore" });
const FILES = [
  "kept.txt",
  "a.log",
  "keep.log",
  "build/x",
  "sub/build/y",
  "sub/b.log",
  "sub/keep.log",
  "sub/deep/c.tmp",
];
const own = (directory = "site") =>
  ignoredIn(join(root, directory)).filter((path) => !/^\.(git|firn)$/.test(path));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "firn-ignored-"));
  for (const file of FILES) write(`site/${file}`);
});

describe.each([
  ["git", () => git("init", "--quiet")],
  ["no git", () => {}],
])("with %s", (_what, init) => {
  beforeEach(init);

  test("nothing is left out where nothing says so, but what is never part of a source", () => {
    expect(ignoredIn(join(root, "site"))).toEqual([".firn", ".git"]);
  });

  test("patterns, negations, directories and anchors", () => {
    write("site/.gitignore", "# comment\n*.log\n!keep.log\nbuild/\n/sub/deep\n");
    expect(own()).toEqual(["a.log", "build", "sub/b.log", "sub/build", "sub/deep"]);
  });

  test("a .gitignore further in wins over one further out, for its own directory", () => {
    write("site/.gitignore", "*.log\n");
    write("site/sub/.gitignore", "!b.log\n*.tmp\n/build\n");
    expect(own()).toEqual(["a.log", "keep.log", "sub/build", "sub/deep", "sub/keep.log"]);
  });

  test("what lies in a directory that is left out cannot be taken back", () => {
    write("site/.gitignore", "build/\n!build/x\n");
    expect(own()).toEqual(["build", "sub/build"]);
  });
});

test("in a git tree, patterns of directories above count, and what is tracked is not left out", () => {
  git("init", "--quiet");
  write(".gitignore", "*.log\n");
  git("add", "--force", "site/a.log");
  expect(own()).toEqual(["keep.log", "sub/b.log", "sub/keep.log"]);
});

test("a directory that is itself left out is meant all the same, with its own patterns", () => {
  git("init", "--quiet");
  write(".gitignore", "site/\n");
  write("site/.gitignore", "*.tmp\n");
  expect(own()).toEqual(["sub/deep"]);
});

test("what one user's git leaves out everywhere counts for nobody", () => {
  git("init", "--quiet");
  write(".git/info/exclude", "kept.txt\n");
  expect(own()).toEqual([]);
});
