import { expect, test } from "vitest";
import { Gate } from "./limits.js";

test("a gate lets through as many as it was told, and all in the end", async () => {
  const gate = new Gate(2);
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 10 }, () =>
      gate.run(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
      }),
    ),
  );
  expect(most).toBe(2);
});

test("a task that fails leaves its place to the next", async () => {
  const gate = new Gate(1);
  await expect(gate.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await gate.run(async () => "yes")).toBe("yes");
});
