// Removes every machine on this computer that Firn made, and what crashes left of them; `--check` only looks, and ends
// with 1 when there is anything. FIRN_CONTAINER_STATE narrows both down to one state directory.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runMain, SetupError } from "./setup/errors.mjs";
import { checkout } from "./setup/places.mjs";

const module = join(checkout, "packages", "container", "dist", "clean.js");

await runMain(async () => {
  if (!existsSync(module)) throw new SetupError('Nothing is built yet: run "npm run build" first.');
  /** @type {typeof import("../packages/container/dist/clean.js")} */
  const { findLeftovers } = await import(pathToFileURL(module).href);
  const leftovers = await findLeftovers();
  if (process.argv.includes("--check")) {
    for (const { what } of leftovers) process.stdout.write(`left: ${what}\n`);
    return leftovers.length === 0 ? 0 : 1;
  }
  for (const { what, remove } of leftovers) {
    await remove();
    process.stdout.write(`removed: ${what}\n`);
  }
  if (leftovers.length === 0) process.stdout.write("Nothing of Firn's machines is on this computer.\n");
  return 0;
});
