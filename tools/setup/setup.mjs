import { mkdirSync, writeFileSync } from "node:fs";
import { build } from "./build.mjs";
import { busybox } from "./busybox.mjs";
import { environment, recordFile } from "./env.mjs";
import { image } from "./image.mjs";
import { languageHost } from "./language-host.mjs";
import { nix } from "./nix.mjs";
import { node } from "./node.mjs";
import { npm } from "./npm.mjs";
import { workDirectory } from "./places.mjs";
import { programs } from "./programs.mjs";
import { pulumi } from "./pulumi.mjs";
import { duration, timed } from "./report.mjs";

/** In this order; a step may need what those before it made. */
const steps = [node, npm, programs, nix, pulumi, languageHost, build, image, busybox];

/**
 * Makes everything that Firn's own runs need, says what it did, and remembers it for `environment()`.
 *
 * @param {{ out?: import("node:tty").WriteStream }} [options] `out` is where it says so, standard output by default
 * @returns {Promise<Record<string, string>>} the environment for child processes
 * @throws {import("./errors.mjs").SetupError} with what is missing and what to do
 */
export async function setup({ out = process.stdout } = {}) {
  const start = performance.now();
  /** @type {string[]} */
  const path = [];
  let nixConfig = "";
  for (const step of steps) {
    const work = (/** @type {import("./report.mjs").Note} */ note) => step.run(note, path);
    const result = await timed("set-up", step.name, work, ({ did }) => did, out);
    path.push(...(result.path ?? []).filter((folder) => !path.includes(folder)));
    nixConfig ||= result.nixConfig ?? "";
    remember({ path, nixConfig });
  }
  out.write(`set-up  ready in ${duration(start).trim()}\n`);
  return environment();
}

/** @param {{ path: string[], nixConfig: string }} record */
function remember(record) {
  mkdirSync(workDirectory, { recursive: true });
  writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
}
