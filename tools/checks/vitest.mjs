import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../setup/places.mjs";
import { runInForeground } from "../setup/run.mjs";

/**
 * Runs tests with vitest; the terminal shows them as they go.
 *
 * @param {string} node the Node program to run them with
 * @param {readonly string[]} args filters and options for `vitest run`
 * @param {Record<string, string>} env
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
export async function vitest(node, args, env) {
  const directory = mkdtempSync(join(tmpdir(), "firn-vitest-"));
  const report = join(directory, "report.json");
  const program = join(checkout, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  try {
    const code = await runInForeground(node, [program, "run", ...reporters, ...args], { cwd: checkout, env });
    return countReport(report, code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * @param {string} report
 * @param {number} code vitest's exit code
 */
function countReport(report, code) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const files = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")).testResults : [];
  for (const { status, assertionResults } of files) {
    // A file that does not load has no tests to count, and is a failure all the same.
    if (status === "failed" && assertionResults.length === 0) counts.failed += 1;
    for (const test of assertionResults) {
      counts[
        test.status === "passed" || test.status === "failed"
          ? /** @type {"passed" | "failed"} */ (test.status)
          : "skipped"
      ] += 1;
    }
  }
  // Errors outside of any test, and a failed set-up of a file, show in the exit code alone.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}
