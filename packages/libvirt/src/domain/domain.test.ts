import { expect, test } from "vitest";
import { readable } from "./console.js";
import { memoryOf } from "./memory.js";

test("a console is read as a person reads it", () => {
  const said =
    "\u001b[2J\u001b[01;01HSeaBIOS\r\n\r\n\u001b[0;32m  OK  \u001b[0m] Started\u0007 ssh.\r\rlogin: ";
  expect(readable(said)).toEqual(["SeaBIOS", "  OK  ] Started ssh.", "login:"]);
});

test("what caches hold is memory that is free", () => {
  const said =
    "total  :             24684096 KiB\nfree   :             18432232 KiB\nbuffers:               286124 KiB\ncached :              2834396 KiB\n";
  expect(memoryOf(said)).toEqual({ total: 24105, available: 18000 + 279 + 2767 });
  expect(memoryOf("")).toEqual({ available: 0 });
});
