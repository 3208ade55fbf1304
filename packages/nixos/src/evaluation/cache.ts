import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "./answers.js";
import { readIfThere, writeAtomically } from "./files.js";
import type { Evaluated } from "./nodes.js";

/** One evaluation of a machine and what it could have read besides its own files. */
interface Entry {
  /** Digest of all machines' files, where the machine looked at `nodes`. */
  readonly network?: string;
  readonly evaluated?: Evaluated;
  /** Answers to a program's questions about options. */
  readonly answers?: readonly Answer[];
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
    const entry = parseEntry(text);
    if (!entry?.evaluated) return undefined;
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

  getAnswers(key: string): readonly Answer[] | undefined {
    const text = readIfThere(join(this.directory, `${key}.json`));
    return text === undefined ? undefined : parseEntry(text)?.answers;
  }

  putAnswers(key: string, answers: readonly Answer[]): void {
    writeAtomically(join(this.directory, `${key}.json`), JSON.stringify({ answers }));
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

function parseEntry(text: string): Entry | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Digest of parts that must all be equal. */
export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
