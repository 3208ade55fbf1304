import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InstallError, UnreachableError } from "@firn/host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withConsole } from "./console.js";

let directory: string;
const before = process.cwd();

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "firn-console-"));
  writeFileSync(join(directory, "Pulumi.yaml"), "name: x\n");
  const module =
    "exports.lastOfConsole = async ({ lines }) => { if (!lines) throw new Error('gone'); return lines; };\n";
  writeFileSync(join(directory, "target.cjs"), module);
  process.chdir(directory);
});
afterAll(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true });
});

const told = async (error: Error, args: Record<string, unknown>) =>
  ((await withConsole(error, { console: { module: "./target.cjs", args } })) as Error).message;

test("a machine that does not answer is shown with the end of its console", async () => {
  const unreachable = new UnreachableError("web does not answer", "web");
  const error = new Error("phase connect: web does not answer", { cause: unreachable });
  const lines = ["Loading kernel", "Kernel panic"];
  expect(await told(error, { lines })).toBe(
    "phase connect: web does not answer\n  The last lines of its console:\n    Loading kernel\n    Kernel panic",
  );
  expect(await told(new InstallError("came up with Debian", "web"), { lines })).toContain("Kernel panic");
  expect(await told(error, { lines: [] })).toBe(error.message);
  expect(await told(error, {})).toContain("(it cannot be read: gone)");
});

test("what has nothing to do with a boot stays as it is", async () => {
  const error = new Error("phase build: no space left");
  expect(await withConsole(error, { console: { module: "./target.cjs", args: { lines: ["x"] } } })).toBe(
    error,
  );
  expect(await withConsole(new UnreachableError("gone", "web"), {})).toMatchObject({ message: "gone" });
});
