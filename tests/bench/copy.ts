import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { machine, type TestMachine } from "../host/machine.js";
import { chain, fan } from "../host/store-paths.js";
import { type Copier, copiersTo, TookTooLong } from "./copiers.js";

const ROUND_TRIPS_MS = [0, 20, 100];
const BIG_BYTES = 500_000_000;
/** A run that takes longer is ended, and its time is a lower bound. */
const LIMIT_MS = 120_000;

/** What is copied, by name. */
const LOADS: Readonly<Record<string, (work: string) => string>> = {
  "1 path": () => chain(1),
  "500 paths": () => fan(500),
  "5,000 paths": () => fan(5000),
  "500 MB": big,
};

interface Cell {
  readonly seconds: number;
  /** Whether `seconds` is a lower bound. */
  readonly more: boolean;
}

/** Copies every load over every line with every copier, and compares their medians. */
export async function benchCopies(
  runs: number,
  work: string,
  say: (line: string) => void,
): Promise<Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {};
  const box = await machine("bench-copy");
  try {
    for (const [load, make] of Object.entries(LOADS)) {
      const path = make(work);
      for (const roundTripMs of ROUND_TRIPS_MS) {
        const cells = await measure(box, path, roundTripMs, runs);
        const row = compared(cells);
        result[`${load}, ${roundTripMs} ms`] = row;
        say(`${load}, ${roundTripMs} ms: ${JSON.stringify(row)}`);
      }
      execFileSync("nix-store", ["--delete", ...requisites(path)], { stdio: "ignore" });
    }
  } finally {
    await box.remove();
  }
  return { nix: execFileSync("nix", ["--version"], { encoding: "utf8" }).trim(), runs, seconds: result };
}

/** The median of every copier; they take turns, so that a busy moment befalls all of them. */
async function measure(
  box: TestMachine,
  path: string,
  roundTripMs: number,
  runs: number,
): Promise<Map<string, Cell>> {
  const copiers = await copiersTo(box, roundTripMs);
  const paths = requisites(path);
  const times = new Map<string, number[]>(copiers.all.map(({ name }) => [name, []]));
  try {
    for (let run = 0; run < runs; run += 1)
      for (const copier of copiers.all) {
        const list = times.get(copier.name) ?? [];
        // What is beyond the limit once will be so again.
        if (list.includes(LIMIT_MS)) continue;
        list.push(await timed(copier, path));
        if (list.at(-1) !== LIMIT_MS) await box.inside(`nix-store --check-validity ${path}`);
        await box.exec(["nix-store", "--delete", ...paths]);
      }
  } finally {
    await copiers.close();
  }
  return new Map(
    [...times].map(([name, list]) => {
      const median = list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
      return [name, { seconds: Math.round(median / 10) / 100, more: median === LIMIT_MS }];
    }),
  );
}

async function timed(copier: Copier, path: string): Promise<number> {
  const start = performance.now();
  try {
    await copier.copy(path, LIMIT_MS);
    return performance.now() - start;
  } catch (error) {
    if (error instanceof TookTooLong) return LIMIT_MS;
    throw error;
  }
}

/** Times for people, and how many times as long as Firn the others took. */
function compared(cells: ReadonlyMap<string, Cell>): Record<string, string> {
  const own = cells.get("Firn")?.seconds ?? 0;
  return Object.fromEntries(
    [...cells].map(([name, { seconds, more }]) => {
      const ratio = name === "Firn" ? "" : ` (× ${(seconds / own).toFixed(seconds / own < 10 ? 2 : 0)})`;
      return [name, `${more ? "> " : ""}${seconds} s${ratio}`];
    }),
  );
}

/** A new path of 500 MB: programs and libraries of this computer, one after another. */
function big(work: string): string {
  const directory = mkdtempSync(join(work, "big-"));
  try {
    const file = join(directory, "firn-big");
    const out = openSync(file, "w");
    let left = BIG_BYTES - writeSync(out, randomBytes(32));
    for (const source of filesBelow("/usr")) {
      left -= writeSync(out, readFileSync(source).subarray(0, left));
      if (left === 0) break;
    }
    closeSync(out);
    return execFileSync("nix-store", ["--add", file], { encoding: "utf8" }).trim();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function* filesBelow(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile() && statSync(path).size > 20_000) yield path;
  }
}

function requisites(path: string): string[] {
  const list = execFileSync("nix-store", ["--query", "--requisites", path], { encoding: "utf8" });
  return list.trim().split("\n");
}
