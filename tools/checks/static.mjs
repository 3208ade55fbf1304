import { join } from "node:path";
import { packageFolders } from "../setup/build.mjs";
import { checkout } from "../setup/places.mjs";
import { timed } from "../setup/report.mjs";
import { run } from "../setup/run.mjs";

const bin = {
  biome: "@biomejs/biome/bin/biome",
  publint: "publint/src/cli.js",
  tsc: "typescript/bin/tsc",
};

/** What reads the sources without running them; each counts as one test. */
function checks() {
  return [
    { name: "biome", program: bin.biome, args: ["check", "--max-diagnostics=50", "."] },
    { name: "tsc", program: bin.tsc, args: ["--noEmit", "-p", "tsconfig.json"] },
    { name: "tsc tools", program: bin.tsc, args: ["--noEmit", "-p", "tools/tsconfig.json"] },
    ...packageFolders().map((folder) => ({
      name: `publint ${folder.replace("packages/", "")}`,
      program: bin.publint,
      args: ["run", "--strict", folder],
    })),
  ];
}

/**
 * Runs the formatter and linter, the type checker and the package linter.
 *
 * @param {Record<string, string>} env
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
export async function staticChecks(env) {
  const counts = { passed: 0, skipped: 0, failures: /** @type {string[]} */ ([]) };
  for (const { name, program, args } of checks()) {
    const command = [join(checkout, "node_modules", program), ...args];
    const result = await timed(
      "check",
      name,
      () => run(process.execPath, command, { cwd: checkout, env }),
      ({ code }) => (code === 0 ? "passed" : "failed"),
    );
    if (result.code !== 0) process.stdout.write(`\n${result.output.trimEnd()}\n\n`);
    if (result.code === 0) counts.passed += 1;
    else counts.failures.push(name);
  }
  return counts;
}
