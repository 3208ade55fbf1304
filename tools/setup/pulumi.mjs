import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDirectory, onPath } from "./places.mjs";
import { buildPulumi } from "./pulumi-build.mjs";
import { downloadPulumi } from "./pulumi-download.mjs";
import { run } from "./run.mjs";
import { atLeast } from "./versions.mjs";

/** The version that set-up gets where there is none. */
export const pulumiVersion = "v3.250.0";

/** The oldest version that Firn works with. */
const minimum = "3.200";

/** Where a version that set-up got lies. */
export const cachedPulumi = join(cacheDirectory, `pulumi-${pulumiVersion}`, "bin", "pulumi");

/** Finds the Pulumi CLI, downloads it, or builds it. @type {import("./step.mjs").Step} */
export const pulumi = {
  name: "Pulumi CLI",
  run: async (note) => {
    const installed = onPath("pulumi");
    const version = installed && (await versionOf(installed));
    if (installed && version && atLeast(version, minimum)) {
      return { did: `found on PATH (${version})` };
    }
    return { did: await ensureCached(note), path: [dirname(cachedPulumi)] };
  },
};

/** @param {import("./report.mjs").Note} note */
async function ensureCached(note) {
  if (existsSync(cachedPulumi)) {
    const version = await versionOf(cachedPulumi);
    if (version) return `found in cache (${version})`;
  }
  note(`downloading ${pulumiVersion}`);
  const problem = await downloadPulumi(pulumiVersion, dirname(cachedPulumi), note);
  if (problem === undefined) return `downloaded (${pulumiVersion})`;
  await buildPulumi(pulumiVersion, cachedPulumi, problem, note);
  return `built with Go (${pulumiVersion})`;
}

/**
 * @param {string} program
 * @returns {Promise<string | undefined>} undefined where it does not run
 */
async function versionOf(program) {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await run(program, ["version"], { env });
  return code === 0 ? stdout.trim() : undefined;
}
