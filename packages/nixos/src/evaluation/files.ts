import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

/** Makes `directory` hold exactly these files; directories in it are somebody else's. */
export function writeFiles(directory: string, files: ReadonlyMap<string, string>): void {
  for (const [name, content] of files) writeAtomically(join(directory, name), content);
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (!entry.isDirectory() && !files.has(entry.name)) rmSync(join(directory, entry.name));
}
