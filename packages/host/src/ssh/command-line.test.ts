import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine } from "./command-line.js";

const ARGV = ["sh", "-c", 'printf "%s|" "$@"; echo "$PATH"', "sh", "a b", "$HOME", "'"];

test("commands are found where NixOS and Nix put them", () => {
  const said = execFileSync("sh", ["-c", commandLine(ARGV, false)], { encoding: "utf8" });
  expect(said).toMatch(
    /^a b\|\$HOME\|'\|.*:\/run\/current-system\/sw\/bin:\/nix\/var\/nix\/profiles\/default\/bin:/,
  );
});

test("sudo never asks, and what it runs has the same PATH and arguments", () => {
  const bin = mkdtempSync(join(tmpdir(), "firn-sudo-"));
  try {
    const fake = '#!/bin/sh\necho "sudo $1 $2"; shift 2; PATH=/usr/bin:/bin exec "$@"\n';
    writeFileSync(join(bin, "sudo"), fake, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const said = execFileSync("sh", ["-c", commandLine(ARGV, true)], { encoding: "utf8", env });
    expect(said).toMatch(/^sudo -n --\na b\|\$HOME\|'\|.*:\/run\/current-system\/sw\/bin:/);
  } finally {
    rmSync(bin, { recursive: true });
  }
});
