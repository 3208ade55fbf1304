import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../setup/places.mjs";
import { timed } from "../setup/report.mjs";
import { run } from "../setup/run.mjs";

/** Where vitest.config.ts keeps the machines of tests. */
const containers = join(checkout, ".firn", "tests", "containers");
const program = join(checkout, "tools", "lab-clean.mjs");

/**
 * Checks that the tests left no machine behind; counts as one test.
 *
 * @param {Record<string, string>} env
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
export async function leftovers(env) {
  if (!existsSync(program)) return { passed: 0, skipped: 0, failures: [] };
  const result = await timed(
    "check",
    "leftovers",
    () =>
      run(process.execPath, [program, "--check"], {
        cwd: checkout,
        env: { ...env, FIRN_CONTAINER_STATE: containers },
      }),
    ({ code }) => (code === 0 ? "none" : "found"),
  );
  if (result.code !== 0) process.stdout.write(`\n${result.output.trimEnd()}\n\n`);
  return result.code === 0
    ? { passed: 1, skipped: 0, failures: [] }
    : { passed: 0, skipped: 0, failures: ["machines were left behind"] };
}
