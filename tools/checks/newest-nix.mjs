import { delimiter } from "node:path";
import { debianNix } from "../setup/debian-nix.mjs";
import { timed } from "../setup/report.mjs";
import { smokeTests } from "./smoke-tests.mjs";
import { vitest } from "./vitest.mjs";

/** Where the newest Nix comes from that the tests are to run with besides the one on PATH. */
export const newestNix = "sid";

/**
 * Runs what depends on Nix' version with the Nix of another Debian suite: printing and reading back, pins, evaluation,
 * the cache, errors and types of options, and a short end-to-end test.
 *
 * @param {string} suite such as "sid"
 * @param {Record<string, string>} env
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
export async function testWithNix(suite, env) {
  const nix = await timed(
    "check",
    `Nix of ${suite}`,
    (note) => debianNix(suite, note),
    ({ version }) => version,
  );
  const withNix = { ...env, PATH: [nix.path, env.PATH].join(delimiter) };
  return vitest(process.execPath, ["packages/nix/", "tests/evaluation/", ...smokeTests()], withNix);
}
