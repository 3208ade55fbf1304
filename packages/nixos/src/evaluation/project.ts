import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { FirnError } from "../errors.js";

/** The directory of Pulumi.yaml: relative paths in a program start there, and evaluation reads nothing above it. */
export function projectRoot(): string {
  let directory = process.cwd();
  while (!existsSync(join(directory, "Pulumi.yaml")) && !existsSync(join(directory, "Pulumi.yml"))) {
    const parent = dirname(directory);
    if (parent === directory)
      throw new FirnError(`Neither ${process.cwd()} nor a directory above it has a Pulumi.yaml.`);
    directory = parent;
  }
  return directory;
}

const IGNORED = new Set([".git", ".firn", ".pulumi", "node_modules"]);

/** Hash of every file of the project that git does not ignore (without git: all but `node_modules` and the like). */
export function fingerprintProject(root: string): string {
  const hash = createHash("sha256");
  for (const name of projectFiles(root)) {
    const file = join(root, name);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat || stat.isDirectory()) continue;
    const content = stat.isSymbolicLink() ? readlinkSync(file) : readFileSync(file);
    const digest = createHash("sha256").update(content).digest("hex");
    hash.update(JSON.stringify([name, stat.isSymbolicLink(), (stat.mode & 0o100) !== 0, digest]));
  }
  return hash.digest("hex");
}

function projectFiles(root: string): string[] {
  try {
    const args = ["-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const listing = execFileSync("git", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 28,
    });
    return [...new Set(listing.split("\0"))].filter((name) => name !== "").sort();
  } catch {
    return walk(root, "");
  }
}

function walk(root: string, below: string): string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name))
    .flatMap((entry) =>
      entry.isDirectory() ? walk(root, join(below, entry.name)) : [join(below, entry.name)],
    )
    .sort();
}
