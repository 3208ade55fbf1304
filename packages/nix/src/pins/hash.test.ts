import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { toBase32, toSri } from "./hash.js";
import { sourcePath } from "./sources.js";

const bytes = createHash("sha256").update("abc").digest();
const sri = `sha256-${bytes.toString("base64")}`;
const base32 = "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s";

test("every way in which Nix' tools write a sha256 is the same hash", () => {
  for (const text of [base32, `sha256:${base32}`, bytes.toString("hex"), sri]) expect(toSri(text)).toBe(sri);
  expect(toBase32(bytes)).toBe(base32);
});

test.each(["", "sha1-abc", base32.slice(1), `${base32}0`, base32.replace("b", "e")])("%j is none", (text) => {
  expect(() => toSri(text)).toThrow("is no sha256 as Nix writes it");
});

test("the store path of a source follows from its hash", () => {
  // As `builtins.fetchTree` gives it for an empty directory.
  expect(sourcePath("sha256-pQpattmS9VmO3ZIQUFn66az8GSmB4IvYhTTCFn6SUmo=")).toBe(
    "/nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source",
  );
});
