import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("importing the package does not load the SDK", async () => {
  const script = `await import("@firn/datadog");
    console.log(Object.keys((await import("node:module")).createRequire(import.meta.url).cache).filter((path) => path.includes("@pulumi/datadog")).length)`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  expect(stdout.trim()).toBe("0");
});
