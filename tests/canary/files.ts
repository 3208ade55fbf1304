import { closeSync, lstatSync, openSync, readdirSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { type Canary, canariesIn } from "./canary.js";

/** A place where a secret was found. */
export interface Finding {
  readonly canary: string;
  readonly where: string;
}

const CHUNK = 1 << 20;
/** Longer than any form of a canary: what is cut by a chunk's end is found in the next one. */
const OVERLAP = 4096;

/**
 * Looks for canaries in files, whole directories and the names in them.
 *
 * @param except paths that may have them, with all that is below
 * @param since only files that changed after this time, in milliseconds since 1970
 */
export function searchFiles(
  paths: readonly string[],
  canaries: readonly Canary[],
  { except = [], since = 0 }: { except?: readonly string[]; since?: number } = {},
): Finding[] {
  const findings: Finding[] = [];
  const visit = (path: string) => {
    if (except.includes(path)) return;
    for (const name of canariesIn(Buffer.from(path), canaries))
      findings.push({ canary: name, where: `the name of ${path}` });
    const stat = statOf(path);
    if (stat?.isDirectory()) for (const name of namesIn(path)) visit(join(path, name));
    else if (stat?.isFile() && Math.max(stat.mtimeMs, stat.ctimeMs) >= since)
      for (const name of canariesInFile(path, canaries)) findings.push({ canary: name, where: path });
  };
  for (const path of paths) visit(path);
  return findings;
}

function canariesInFile(path: string, canaries: readonly Canary[]): Set<string> {
  const found = new Set<string>();
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return found;
  }
  try {
    const buffer = Buffer.alloc(OVERLAP + CHUNK);
    for (let kept = 0; ; ) {
      const count = readSync(file, buffer, kept, CHUNK, null);
      if (count === 0) return found;
      for (const name of canariesIn(buffer.subarray(0, kept + count), canaries)) found.add(name);
      const tail = Math.min(OVERLAP, kept + count);
      buffer.copyWithin(0, kept + count - tail, kept + count);
      kept = tail;
    }
  } catch {
    return found; // It went away meanwhile, or is no file that can be read.
  } finally {
    closeSync(file);
  }
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
