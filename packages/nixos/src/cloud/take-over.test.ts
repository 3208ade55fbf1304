import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MOVE_ASIDE } from "./take-over.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "firn-root-"));
  for (const directory of ["nix/.firn", "boot", "etc/ssh", "var", ".cache", "proc"])
    mkdirSync(join(root, directory), { recursive: true });
  for (const file of ["boot/kernel", "etc/passwd", "etc/ssh/key", "var/data", ".cache/x"])
    writeFileSync(join(root, file), file);
  writeFileSync(join(root, "nix/.firn/take-over"), "etc/ssh/key\netc/ssh/absent\n");
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs the script; after so many commands the power is cut. */
const boot = (commands = Number.POSITIVE_INFINITY) =>
  spawnSync("sh", ["-eu", "-c", `${CUT}\nroot=${root}\n${MOVE_ASIDE}`], {
    env: { LEFT: String(Number.isFinite(commands) ? commands : 1000), PATH: process.env.PATH },
  }).status;

const CUT = ["mv", "cp", "mkdir", "rm"]
  .map((name) => `${name}() { [ $LEFT -gt 0 ] || exit 99; LEFT=$((LEFT - 1)); command ${name} "$@"; }`)
  .join("\n");

function tree(): Record<string, string> {
  const names = execFileSync("find", [".", "-type", "f"], { cwd: root, encoding: "utf8" });
  return Object.fromEntries(
    names
      .trim()
      .split("\n")
      .sort()
      .map((name) => [name.slice(2), readFileSync(join(root, name), "utf8").trim()]),
  );
}

const AFTER = {
  "boot/kernel": "boot/kernel",
  "etc/NIXOS": "",
  "etc/ssh/key": "etc/ssh/key",
  "old-root/.cache/x": ".cache/x",
  "old-root/etc/passwd": "etc/passwd",
  "old-root/etc/ssh/key": "etc/ssh/key",
  "old-root/var/data": "var/data",
};

test("the first boot moves everything aside but Nix and the boot loader's, and brings back what is listed", () => {
  expect(boot()).toBe(0);
  expect(tree()).toEqual(AFTER);
  expect(readdirSync(root).sort()).toEqual(["boot", "etc", "nix", "old-root", "proc"]);
});

test("a power cut at any command is made up for by the next boot", () => {
  let cuts = 0;
  while (boot(cuts) === 99) {
    expect(boot()).toBe(0);
    expect(tree(), `after a cut before command ${cuts + 1}`).toEqual(AFTER);
    rmSync(root, { recursive: true });
    for (const directory of ["nix/.firn", "boot", "etc/ssh", "var", ".cache", "proc"])
      mkdirSync(join(root, directory), { recursive: true });
    for (const file of ["boot/kernel", "etc/passwd", "etc/ssh/key", "var/data", ".cache/x"])
      writeFileSync(join(root, file), file);
    writeFileSync(join(root, "nix/.firn/take-over"), "etc/ssh/key\netc/ssh/absent\n");
    cuts += 1;
  }
  expect(cuts).toBeGreaterThan(5);
});

test("a boot without a list changes nothing", () => {
  rmSync(join(root, "nix/.firn/take-over"));
  const before = tree();
  expect(boot()).toBe(0);
  expect(tree()).toEqual(before);
});
