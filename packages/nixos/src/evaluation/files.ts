import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes a file whole or not at all; equal content leaves it untouched. */
export function writeAtomically(file: string, content: string): void {
  if (readIfThere(file) === content) return;
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

/** The file's text, or `undefined` where there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Tells whether files are still those that were there: one that is written again is another, equal or not. */
export function stampOf(directory: string, names: Iterable<string>): string {
  const stamps = [...names].map((name) => {
    const stat = lstatSync(join(directory, name), { throwIfNoEntry: false });
    return [name, stat?.ino, stat?.mtimeMs];
  });
  return JSON.stringify(stamps);
}

/** How old a file on its way must be to be one that a killed run has left, in milliseconds. */
const ABANDONED_MS = 600_000;

function isOnItsWay(file: string): boolean {
  const age = Date.now() - (lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return file.endsWith(".tmp") && age < ABANDONED_MS;
}

/** Makes `directory` hold exactly these files; directories in it are somebody else's. */
export function writeFiles(directory: string, files: ReadonlyMap<string, string>): void {
  for (const [name, content] of files) writeAtomically(join(directory, name), content);
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (!entry.isDirectory() && !files.has(entry.name) && !isOnItsWay(join(directory, entry.name)))
      rmSync(join(directory, entry.name), { force: true }); // another run may do the same
}
