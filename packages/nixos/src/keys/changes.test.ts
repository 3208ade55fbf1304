import { expect, test } from "vitest";
import { keyChanges } from "./changes.js";
import { keyDigest } from "./digest.js";
import type { KeyState } from "./state.js";

const key = (digest: string, more: Partial<KeyState> = {}): KeyState => ({
  digest,
  path: "/run/keys/a",
  user: "root",
  group: "root",
  permissions: "0400",
  ...more,
});

test("what is new, gone or another one is named; order of properties is nothing", () => {
  expect(
    keyChanges({ a: key("1"), b: key("1"), c: key("1") }, { a: key("2"), c: key("1"), d: key("1") }),
  ).toBe("keys: ~ a, - b, + d");
  const { digest, ...rest } = key("1", { restart: ["x.service"] });
  expect(keyChanges({ a: key("1", { restart: ["x.service"] }) }, { a: { ...rest, digest } })).toBeUndefined();
  expect(keyChanges(undefined, undefined)).toBeUndefined();
  expect(keyChanges({ a: key("1") }, { a: key("1", { user: "db" }) })).toBe("keys: ~ a");
});

test("of very many the first are named", () => {
  const many = Object.fromEntries(
    Array.from({ length: 100 }, (_, n) => [`k${String(n).padStart(2, "0")}`, key("1")]),
  );
  expect(keyChanges({}, many)).toMatch(/^keys: \+ k00, \+ k01, .* \+ k11 and 88 more$/);
});

test("digests of equal values differ between networks", () => {
  expect(keyDigest("one", "00")).toMatch(/^[0-9a-f]{16}$/);
  expect(keyDigest("one", "00")).not.toBe(keyDigest("two", "00"));
  expect(keyDigest("one", "00")).not.toBe(keyDigest("one", "01"));
});
