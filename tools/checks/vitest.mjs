import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
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
 * @returns {import("./counts.mjs").Counts}
 */
function countReport(report, code) {
  const counts = { passed: 0, skipped: 0, failures: /** @type {string[]} */ ([]) };
  const files = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")).testResults : [];
  for (const { name, status, message, assertionResults } of files) {
    const file = relative(checkout, name);
    const failures = assertionResults.filter(
      (/** @type {{ status: string }} */ test) => test.status === "failed",
    );
    for (const test of failures)
      counts.failures.push(failure(`${file}: ${test.fullName}`, test.failureMessages[0]));
    // A file that does not load, or whose set-up fails, need not have a failed test.
    if (status === "failed" && failures.length === 0) counts.failures.push(failure(file, message));
    for (const test of assertionResults) {
      if (test.status === "passed") counts.passed += 1;
      else if (test.status !== "failed") counts.skipped += 1;
    }
  }
  // Errors outside of any test show in the exit code alone.
  if (code !== 0 && counts.failures.length === 0) counts.failures.push(`vitest ended with exit code ${code}`);
  return counts;
}

/** @param {string} where @param {string | undefined} message */
function failure(where, message) {
  const firstLines = (message ?? "").trim().split("\n").slice(0, 4);
  return [where, ...firstLines.map((line) => `    ${line}`)].join("\n");
}
