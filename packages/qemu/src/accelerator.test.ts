import { expect, test } from "vitest";
import { accelerator, runs } from "./accelerator.js";

test("the probe tells an accelerator that computes from one that does not", async () => {
  expect(await runs("tcg")).toBe(true);
  expect(await runs("no-such-accelerator" as never)).toBe(false);
  expect(["kvm", "tcg"]).toContain(await accelerator());
});
