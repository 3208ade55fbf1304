import { expect, test } from "vitest";
import { tailOfConsole } from "./console.js";

test("the last lines are shown without colours, and without what was overwritten", () => {
  const text =
    "first\r\n\u001b[0;32m  OK  \u001b[0m Started it.\r\r\n[*   ] waiting\r[**  ] waiting (2s)\n\n";
  expect(tailOfConsole(text, 2)).toBe("      OK   Started it.\n    [**  ] waiting (2s)");
  expect(tailOfConsole("")).toBe("");
});
