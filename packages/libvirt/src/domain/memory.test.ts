import { expect, test } from "vitest";
import { memoryOf } from "./memory.js";

test("what caches hold is memory that is free", () => {
  const said =
    "total  :             24684096 KiB\nfree   :             18432232 KiB\nbuffers:               286124 KiB\ncached :              2834396 KiB\n";
  expect(memoryOf(said)).toEqual({ total: 24105, available: 18000 + 279 + 2767 });
  expect(memoryOf("")).toEqual({ available: 0 });
});
