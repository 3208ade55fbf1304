import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { readIfThere, writeAtomically } from "./files.js";
import type { Evaluated } from "./nodes.js";

/** One evaluation of a machine and what it could have read besides its own files. */
interface Entry {
  /** Digest of all machines' files, where the machine looked at `nodes`. */
  readonly network?: string;
  readonly evaluated: Evaluated;
}

const MOST_ENTRIES = 500;

/**
 * Evaluations of machines, by everything that they could have read. Entries are files that are written whole, so
 * that runs side by side and killed ones do no harm; the oldest go when there are more than 500.
 */
export class EvaluationCache {
  constructor(private readonly directory: string) {}

  /** @param network digest of all machines' files: valid for machines that looked at `nodes` */
  get(key: string, network: string): Evaluated | undefined {
    const file = join(this.directory, `${key}.json`);
    const text = readIfThere(file);
    if (text === undefined) return undefined;
    let entry: Entry;
    try {
      entry = JSON.parse(text);
    } catch {
      return undefined;
    }
    if (entry.network !== undefined && entry.network !== network) return undefined;
    // A collected derivation has to be written again, which only an evaluation does.
    if (!existsSync(entry.evaluated.drvPath)) return undefined;
    const now = new Date();
    utimesSync(file, now, now);
    return entry.evaluated;
  }

  put(key: string, entry: Entry): void {
    writeAtomically(join(this.directory, `${key}.json`), JSON.stringify(entry));
  }

  /** Removes the entries that were not used for longest. */
  prune(): void {
    mkdirSync(this.directory, { recursive: true });
    const names = readdirSync(this.directory);
    if (names.length <= MOST_ENTRIES) return;
    const byAge = names
      .map((name) => ({
        name,
        time: statSync(join(this.directory, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      }))
      .sort((a, b) => b.time - a.time);
    for (const { name } of byAge.slice(MOST_ENTRIES)) rmSync(join(this.directory, name), { force: true });
  }
}

/** Digest of parts that must all be equal. */
export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
