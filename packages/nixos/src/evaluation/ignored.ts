import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";

/** Never part of a source: git's own directory, and what Firn writes. */
const NEVER = [".git", ".firn"];

/**
 * What `.gitignore` files leave out of a directory, as git sees it: in a git tree, what is tracked counts although a
 * pattern names it, and the files of directories above count too, unless they leave out the directory as a whole, which is
 * then meant all the same. The patterns that a user keeps elsewhere (`core.excludesFile`) do not count: two users shall
 * get one result.
 *
 * @returns paths relative to the directory, sorted; a directory stands for all that is in it
 */
export function ignoredIn(directory: string): string[] {
  const found = ignoredByGit(directory) ?? ignoredByFiles(directory);
  const all = new Set([...NEVER, ...found]);
  const isInside = (path: string) =>
    path.split("/").some((_part, index, parts) => index > 0 && all.has(parts.slice(0, index).join("/")));
  return [...all].filter((path) => !isInside(path)).sort();
}

function ignoredByGit(directory: string): string[] | undefined {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", directory, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 2 ** 28,
    });
  try {
    const patterns = "--exclude-per-directory=.gitignore";
    const answer = git("ls-files", "-z", "--others", "--ignored", "--directory", patterns);
    const paths = answer.split("\0").filter((path) => path !== "");
    return paths.includes("./") ? undefined : paths.map((path) => path.replace(/\/$/, ""));
  } catch {
    return undefined; // no git tree, or no git
  }
}

/** One `.gitignore` and the directory that its patterns start at, with a slash at its end unless it is the first one. */
interface Patterns {
  readonly base: string;
  readonly rules: Ignore;
}

function ignoredByFiles(directory: string): string[] {
  const ignored: string[] = [];
  /** Whether anything is left of a directory; git knows no empty ones. */
  const visit = (base: string, above: readonly Patterns[]): boolean => {
    const entries = readdirSync(join(directory, base), { withFileTypes: true });
    const own = entries.some((entry) => entry.name === ".gitignore" && entry.isFile());
    const all = own ? [{ base, rules: read(join(directory, base, ".gitignore")) }, ...above] : above;
    const left = entries.filter((entry) => {
      const path = `${base}${entry.name}`;
      const isDirectory = entry.isDirectory();
      const isOut = NEVER.includes(path) || isIgnored(isDirectory ? `${path}/` : path, all);
      const out = isOut || (isDirectory && !visit(`${path}/`, all));
      if (out) ignored.push(path);
      return !out;
    });
    return left.length > 0 || entries.length === 0;
  };
  visit("", []);
  return ignored;
}

function read(file: string): Ignore {
  return ignore().add(readFileSync(file, "utf8"));
}

/** The nearest file with a pattern that fits decides. */
function isIgnored(path: string, nearestFirst: readonly Patterns[]): boolean {
  for (const { base, rules } of nearestFirst) {
    const { ignored, unignored } = rules.test(path.slice(base.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}
