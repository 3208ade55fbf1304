// Removes what crashes left of machines on this computer. Whole machines may be somebody's: they are named and kept,
// unless `--machines` removes them too. `--check` removes nothing and ends with 1 when there is anything.
// FIRN_CONTAINER_STATE narrows all of this down to one state directory.

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
  const all = process.argv.includes("--machines");
  for (const { kind, what, remove } of leftovers) {
    const goes = all || kind === "wreck";
    if (goes) await remove();
    process.stdout.write(`${goes ? "removed" : "kept (--machines removes it)"}: ${what}\n`);
  }
  if (leftovers.length === 0) process.stdout.write("Nothing of Firn's machines is on this computer.\n");
  return 0;
});
