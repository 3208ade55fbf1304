import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./places.mjs";
import { mustRun } from "./run.mjs";

/** Compiles the packages; what did not change is not compiled again. @type {import("./step.mjs").Step} */
export const build = {
  name: "TypeScript build",
  run: async (note) => {
    note("tsc -b");
    const configs = packageFolders()
      .map((folder) => join(folder, "tsconfig.json"))
      .filter((config) => existsSync(join(checkout, config)));
    const tsc = join(checkout, "node_modules", "typescript", "bin", "tsc");
    await mustRun(process.execPath, [tsc, "-b", ...configs], {
      cwd: checkout,
      advice: "Correct the errors in the sources above, then run this again.",
    });
    return { did: `${configs.length} packages` };
  },
};

/** The workspace's packages, as paths from the checkout. */
export function packageFolders() {
  return readdirSync(join(checkout, "packages"))
    .map((name) => join("packages", name))
    .filter((folder) => existsSync(join(checkout, folder, "package.json")));
}
