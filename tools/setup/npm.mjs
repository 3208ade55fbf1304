import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolders } from "./build.mjs";
import { checkout } from "./places.mjs";
import { mustRun } from "./run.mjs";

/** Installs the npm packages of package-lock.json. @type {import("./step.mjs").Step} */
export const npm = {
  name: "npm packages",
  run: async (note) => {
    if (isInstalled()) return { did: "up to date" };
    note("npm install");
    // Not "npm ci": some registries lack packages of other systems, which are then missing in the lock file too.
    await mustRun("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: checkout,
      advice:
        "Check that the npm registry can be reached and that package-lock.json fits package.json, then run this again.",
    });
    return { did: "installed" };
  },
};

/** Whether node_modules holds what package-lock.json names and every package of the workspace; npm keeps a record in there. */
function isInstalled() {
  const record = join(checkout, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = lockedPackages(record);
  const hasLocked = Object.entries(lockedPackages(join(checkout, "package-lock.json"))).every(
    ([path, wanted]) => {
      const elsewhere = !path.includes("node_modules/") || (wanted.optional && installed[path] === undefined);
      return elsewhere || installed[path]?.version === wanted.version;
    },
  );
  return hasLocked && packageFolders().every((folder) => installed[folder] !== undefined);
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function lockedPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}
