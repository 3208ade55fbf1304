import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { commandLine } from "./command-line.js";

const ARGV = ["sh", "-c", 'printf "%s|" "$@"; echo "$PATH"', "sh", "a b", "$HOME", "'"];

test("commands are found where NixOS and Nix put them", () => {
  const said = execFileSync("sh", ["-c", commandLine(ARGV)], { encoding: "utf8" });
  expect(said).toMatch(
    /^a b\|\$HOME\|'\|.*:\/run\/current-system\/sw\/bin:\/nix\/var\/nix\/profiles\/default\/bin:/,
  );
});
