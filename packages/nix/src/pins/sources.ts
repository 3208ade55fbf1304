import { createHash } from "node:crypto";
import { lastError } from "../cli/errors.js";
import { runNix } from "../cli/run.js";
import { quoteString } from "../print/quote-string.js";
import { toBase32 } from "./hash.js";
import { PinError } from "./pin-file.js";

/** Locked attributes of a source, as `flake.lock` and `builtins.fetchTree` have them. */
export type SourceAttributes = Readonly<Record<string, string | number | boolean>>;

/** How many sources are fetched at once. */
const FETCHES = 4;

/**
 * Brings sources to the store; what is there already costs one short process for all of them together.
 *
 * @returns for each, its store path, or why it could not be fetched
 */
export async function fetchSources(sources: readonly SourceAttributes[]): Promise<(string | PinError)[]> {
  const expected = sources.map((source) =>
    typeof source.narHash === "string" ? sourcePath(source.narHash) : undefined,
  );
  const invalid = await invalidPaths(expected.filter((path) => path !== undefined));
  const result: (string | PinError)[] = expected.map((path) => path ?? "");
  const missing = expected.flatMap((path, index) => (path === undefined || invalid.has(path) ? [index] : []));
  const work = async () => {
    for (let index = missing.shift(); index !== undefined; index = missing.shift())
      result[index] = await fetchSource(sources[index] as SourceAttributes);
  };
  await Promise.all(Array.from({ length: FETCHES }, work));
  return result;
}

/** Where a tree with this hash lies in the store: see "Store Path Specification" in the Nix manual. */
export function sourcePath(narHash: string): string {
  const inner = Buffer.from(narHash.replace(/^sha256-/, ""), "base64").toString("hex");
  const digest = createHash("sha256").update(`source:sha256:${inner}:/nix/store:source`).digest();
  const folded = Buffer.alloc(20);
  for (const [index, byte] of digest.entries()) folded[index % 20] = (folded[index % 20] ?? 0) ^ byte;
  return `/nix/store/${toBase32(folded)}-source`;
}

/** A path that lies on the disk may be what a killed Nix left behind; only Nix knows. */
async function invalidPaths(paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const { exitCode, stdout } = await runNix("nix-store", ["--check-validity", "--print-invalid", ...paths]);
  return new Set(exitCode === 0 ? stdout.split("\n") : paths);
}

async function fetchSource(source: SourceAttributes): Promise<string | PinError> {
  const expression = `(${fetchTree(source)}).outPath`;
  const args = ["--eval", "--json", "--read-write-mode", "--expr", expression];
  const result = await runNix("nix-instantiate", args);
  if (result.exitCode === 0) return JSON.parse(result.stdout);
  return new PinError(`${describeSource(source)} could not be fetched: ${lastError(result.stderr)}`);
}

/** A call of `builtins.fetchTree`; times are no part of what is fetched, and servers tell them differently. */
export function fetchTree(source: SourceAttributes): string {
  const fields = Object.entries(source)
    .filter(([name]) => name !== "lastModified" && name !== "dir")
    .map(([name, value]) => `${name} = ${typeof value === "string" ? quoteString(value) : value};`);
  return `builtins.fetchTree { ${fields.join(" ")} }`;
}

/** A source for people, for example `github:NixOS/nixpkgs/0123…`. */
function describeSource(source: SourceAttributes): string {
  const { type, url, path, owner, repo, rev } = source;
  if (owner !== undefined) return `${type}:${owner}/${repo}/${rev}`;
  return `${url ?? path}${rev === undefined ? "" : ` at revision ${rev}`}`;
}
