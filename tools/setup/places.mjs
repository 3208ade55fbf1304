import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const checkout = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** What this checkout's runs leave behind; ignored by git. */
export const workDirectory = join(checkout, ".firn");

/** What is worth keeping between checkouts; safe to delete. */
export const cacheDirectory = resolve(
  process.env.FIRN_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "firn"),
);

/**
 * Finds a program on PATH.
 *
 * @param {string} name
 * @returns {string | undefined} its path
 */
export function onPath(name) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
