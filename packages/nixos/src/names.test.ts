import { expect, test } from "vitest";
import { parseMachineName, parseNetworkName } from "./names.js";

test.each(["a", "web-1", "DB", "0x", "a".repeat(63)])("%s is a machine name", (name) => {
  expect(parseMachineName(name, "index.ts:1")).toBe(name);
});

test.each(["", "-a", "a-", "we b", "a.b", "a_b", "ä", "a".repeat(64), "a\n"])(
  "%j is no machine name",
  (name) => {
    expect(() => parseMachineName(name, "index.ts:7")).toThrow("index.ts:7: ");
  },
);

test("a network's name starts with a letter", () => {
  expect(parseNetworkName("shop-2")).toBe("shop-2");
  expect(() => parseNetworkName("2shop")).toThrow('"2shop" is no network name');
});
