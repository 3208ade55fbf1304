import { expect, test } from "vitest";
import { atLeast } from "./versions.mjs";

test.each([
  ["v3.250.0", "3.200", true],
  ["v3.199.9", "3.200", false],
  ["nix (Nix) 2.8.0", "2.8", true],
  ["nix (Nix) 2.34.8", "2.8", true],
  ["nix (Nix) 2.3.16", "2.8", false],
  ["v20.19.0", "20.19", true],
  ["v18.20.1", "20.19", false],
  ["go1.26.8", "1.25", true],
  ["4", "3.200", true],
])("%s against %s: %s", (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});
