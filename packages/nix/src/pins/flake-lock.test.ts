import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFlakeInput } from "./flake-lock.js";

function directory(files: Record<string, unknown>): string {
  const root = mkdtempSync(join(tmpdir(), "firn-pins-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

const locked = {
  lastModified: 1,
  narHash: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  owner: "NixOS",
  repo: "nixpkgs",
  rev: "0123456789012345678901234567890123456789",
  type: "github",
};

test("an input is read as flake.lock has it, also through follows", () => {
  const root = directory({
    "flake.lock": {
      version: 7,
      root: "root",
      nodes: {
        root: { inputs: { nixpkgs: ["other", "nixpkgs"], other: "other" } },
        other: { inputs: { nixpkgs: "n" } },
        n: { locked },
      },
    },
  });
  expect(readFlakeInput(root, "nixpkgs")).toEqual({ kind: "fetched", attributes: locked });
  expect(() => readFlakeInput(root, "nixos")).toThrow('has no input "nixos"; it has nixpkgs, other');
});

test("a missing and a broken lock file are told apart", () => {
  expect(() => readFlakeInput(directory({}), "nixpkgs")).toThrow("flake.lock is missing");
  expect(() => readFlakeInput(directory({ "flake.lock": "{" }), "nixpkgs")).toThrow("flake.lock is not JSON");
});
