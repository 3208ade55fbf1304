import { existsSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { cacheDirectory } from "../setup/places.mjs";
import { timed } from "../setup/report.mjs";
import { mustRun } from "../setup/run.mjs";
import { smokeTests } from "./smoke-tests.mjs";
import { vitest } from "./vitest.mjs";

/** The version of Node that the tests are to run with besides the one that runs this: 22, or the oldest one on 22. */
export const otherNode = process.version.startsWith("v22.") ? "20.19" : "22";

/**
 * Runs the unit tests and a short end-to-end test with another version of Node, in the engine's processes too.
 *
 * @param {string} version such as "22"
 * @param {Record<string, string>} env
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
export async function testWithNode(version, env) {
  const directory = await nodeDirectory(version);
  const withNode = { ...env, PATH: [directory, env.PATH].join(delimiter) };
  return vitest(join(directory, "node"), ["packages/", "tools/", ...smokeTests()], withNode);
}

/**
 * Where a version of Node is, which is fetched where it is not there yet.
 *
 * @param {string} version such as "22"
 */
export async function nodeDirectory(version) {
  const program = await timed(
    "set-up",
    `Node ${version}`,
    (note) => ensureNode(version, note),
    () => "ready",
  );
  return dirname(program);
}

/**
 * @param {string} version
 * @param {import("../setup/report.mjs").Note} note
 * @returns {Promise<string>} the program
 */
async function ensureNode(version, note) {
  const directory = join(cacheDirectory, `node-${version}`);
  // One package holds the program for one kind of computer; the package "node" would only choose among them.
  const name = `node-${process.platform}-${process.arch}`;
  const program = join(directory, "node_modules", name, "bin", "node");
  if (!existsSync(program)) {
    mkdirSync(directory, { recursive: true });
    note(`npm install ${name}@${version}`);
    const flags = ["--prefix", directory, "--no-audit", "--no-fund"];
    await mustRun("npm", ["install", ...flags, `${name}@${version}`], {
      cwd: directory,
      advice: "Check that the npm registry can be reached, then run this again.",
    });
  }
  await mustRun(program, ["--version"], { advice: `Delete ${directory} and run this again.` });
  return program;
}
