import { createHash } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { cacheDirectory, checkout, isExecutable, onPath } from "./places.mjs";

const marker = "Firn's stand-in";
const source = join(checkout, "tools", "language-host");
const dynamicProvider = join(checkout, "node_modules", "@pulumi", "pulumi", "pulumi-resource-pulumi-nodejs");

/** What the engine calls for Node programs, and what makes each where it is missing. */
const programs = {
  "pulumi-language-nodejs": launcher,
  "pulumi-resource-pulumi-nodejs": () => readFileSync(dynamicProvider, "utf8"),
};

/**
 * Gives the engine a language host and the dynamic-provider plugin for Node where Pulumi came without them.
 *
 * They go beside the `pulumi` program that set-up got, where the engine looks first. An installation that set-up did not
 * make is left alone: beside that, they go into a folder of their own.
 *
 * @type {import("./step.mjs").Step}
 */
export const languageHost = {
  name: "Language host",
  run: async (_note, path) => {
    const gotten = path.map((folder) => join(folder, "pulumi")).find(isExecutable);
    const beside = dirname(realpathSync(gotten ?? onPath("pulumi") ?? ""));
    const ours = beside.startsWith(join(cacheDirectory, sep));
    const directory = ours ? beside : join(cacheDirectory, "language-host", "bin");
    const made = Object.entries(programs).filter(
      ([name]) => !isOfficial(join(beside, name)) && !isOfficial(onPath(name)),
    );
    for (const [name, content] of made) {
      mkdirSync(directory, { recursive: true });
      replaceFile(join(directory, name), content(), 0o755);
    }
    if (made.length === 0) return { did: "came with Pulumi" };
    return { did: `stand-in (${made.map(([name]) => name).join(", ")})`, path: [directory] };
  },
};

/**
 * The stand-in's launcher. It starts a copy of the sources that is named by their content, so that several checkouts share
 * one cache and any of them may be deleted; only new projects without packages need the checkout itself.
 */
function launcher() {
  const names = readdirSync(source)
    .filter((name) => name.endsWith(".mjs"))
    .sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(name).update(readFileSync(join(source, name)));
  const copy = join(cacheDirectory, "language-host", hash.digest("hex").slice(0, 16));
  mkdirSync(copy, { recursive: true });
  for (const name of names) copyFileSync(join(source, name), join(copy, name));
  return `#!/bin/sh
# ${marker} for the official language host; written by set-up.
[ -n "$FIRN_SDK_FROM" ] || export FIRN_SDK_FROM=${quote(checkout)}
exec node ${quote(join(copy, "main.mjs"))} "$@"
`;
}

/** @param {string} text @returns {string} one word for a shell */
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Replaces a file at once, for it may be in use. @param {string} path @param {string} content @param {number} mode */
function replaceFile(path, content, mode) {
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, content, { mode });
  renameSync(partial, path);
}

/** Whether a program is there and not a stand-in of ours. @param {string | undefined} path */
function isOfficial(path) {
  if (path === undefined || !isExecutable(path)) return false;
  const file = openSync(path, "r");
  const start = Buffer.alloc(200);
  readSync(file, start);
  closeSync(file);
  return !start.includes(marker);
}
