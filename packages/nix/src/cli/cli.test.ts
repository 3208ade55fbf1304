import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { evaluateJson, parseNixVersion, runNix } from "./index.js";

test("versions of Nix and Lix are read, and an old one is refused", () => {
  expect(parseNixVersion("nix-instantiate (Nix) 2.8.0\n")).toBe("2.8.0");
  expect(parseNixVersion("nix-instantiate (Lix, like Nix) 2.91.1\n")).toBe("2.91.1-lix");
  expect(parseNixVersion("nix (Nix) 3.0")).toBe("3.0");
  expect(() => parseNixVersion("nix (Nix) 2.7.1")).toThrow("Nix 2.7.1 is too old: Firn needs 2.8 or newer");
  expect(() => parseNixVersion("bash: no")).toThrow("names no Nix version");
});

test("a missing command says what to install", async () => {
  await expect(runNix("nix-of-another-planet", [])).rejects.toThrow(
    "`nix-of-another-planet` is not on PATH. Install Nix",
  );
});

test("evaluation reads what is allowed and nothing else", async () => {
  const allowed = mkdtempSync(join(tmpdir(), "firn-allowed-"));
  const outside = mkdtempSync(join(tmpdir(), "firn-outside-"));
  writeFileSync(join(allowed, "a.nix"), "{ b = 1; }");
  writeFileSync(join(outside, "o.nix"), "2");
  expect(await evaluateJson(`import ${allowed}/a.nix`, { allow: [allowed] })).toEqual({ b: 1 });
  await expect(evaluateJson(`import ${outside}/o.nix`, { allow: [allowed] })).rejects.toMatchObject({
    stderr: expect.stringContaining("is forbidden in restricted mode"),
  });
  expect(await evaluateJson(`builtins.getEnv "HOME"`, { allow: [] })).toBe("");
});
