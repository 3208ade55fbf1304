import { existsSync } from "node:fs";
import { join } from "node:path";
import { toSri } from "./hash.js";
import type { Pin } from "./pin.js";
import { NixpkgsMissingError, readPinFile } from "./pin-file.js";
import type { SourceAttributes } from "./sources.js";

/** What npins (`npins/sources.json`, versions 0 to 8) and niv (`nix/sources.json`) say of one source. */
interface Source {
  /** A tarball; absent or null for a git repository without one. */
  readonly url?: string | null;
  /** npins 5 to 7: a tarball's address that does not move, where its server told one. */
  readonly locked_url?: string | null;
  /** npins 0: the tarball of a GitHub release. */
  readonly tarball_url?: string | null;
  /** npins: hash of the unpacked contents, base-32 or SRI. */
  readonly hash?: string;
  /** niv: the same. */
  readonly sha256?: string;
  /** npins: a repository; its first version had the name of GitHub's here. niv: the same as `repo`. */
  readonly repository?: string | { readonly type: string; readonly [field: string]: string };
  /** npins 0: owner at GitHub. */
  readonly owner?: string;
  readonly repository_url?: string;
  readonly repo?: string;
  readonly revision?: string;
  readonly rev?: string;
  readonly submodules?: boolean;
}

/** Files of pins by their usual names, relative to the project. */
export const PIN_FILES = ["npins/sources.json", "nix/sources.json"];

/**
 * Reads one pin of npins or niv.
 *
 * @param directory holds `npins/sources.json` or `nix/sources.json`
 * @throws {@link NixpkgsMissingError}
 */
export function readNpin(directory: string, name: string): Pin {
  const [first = "", ...others] = PIN_FILES.map((each) => join(directory, each));
  const file = [first, ...others].find(existsSync) ?? first;
  const sources = readSources(file);
  const source = sources[name];
  const attributes = source && (asTarball(source) ?? asRepository(source));
  if (!attributes)
    throw new NixpkgsMissingError(
      `${file} has no pin "${name}" with an address and a hash; it has ${Object.keys(sources).join(", ") || "none"}.`,
    );
  return { kind: "fetched", attributes, file };
}

/** Addresses of all tarballs and files that a file of pins has, which `import ./npins` fetches by their hashes. */
export function pinnedAddresses(file: string): string[] {
  return Object.values(readSources(file)).flatMap((source) => tarballOf(source) ?? []);
}

function readSources(file: string): Record<string, Source> {
  const content = readPinFile(file) as { pins?: Record<string, Source> } & Record<string, Source>;
  return file.endsWith("npins/sources.json") ? (content.pins ?? {}) : content;
}

function tarballOf(source: Source): string | undefined {
  const { owner, repository, revision } = source;
  if (owner !== undefined && typeof repository === "string" && revision !== undefined)
    return `https://github.com/${owner}/${repository}/archive/${revision}.tar.gz`;
  return source.locked_url ?? source.url ?? source.tarball_url ?? undefined;
}

function asTarball(source: Source): SourceAttributes | undefined {
  const url = tarballOf(source);
  const hash = source.hash ?? source.sha256;
  if (!url || !hash || source.submodules) return undefined;
  return { type: "tarball", url, narHash: toSri(hash) };
}

/** niv gives repositories no hash: their revision is one. */
function asRepository(source: Source): SourceAttributes | undefined {
  const rev = source.revision ?? source.rev;
  const url = source.repository_url ?? repositoryOf(source.repository) ?? source.repo;
  if (!url?.includes(":") || !rev) return undefined;
  return {
    type: "git",
    url,
    rev,
    ...(source.hash ? { narHash: toSri(source.hash) } : {}),
    ...(source.submodules ? { submodules: true } : {}),
  };
}

function repositoryOf(repository: Source["repository"]): string | undefined {
  if (typeof repository !== "object") return undefined;
  const { type, url, server, owner, repo, repo_path } = repository;
  if (type === "GitHub") return `https://github.com/${owner}/${repo}.git`;
  if (type === "GitLab") return `${server}/${repo_path}.git`;
  return type === "Forgejo" ? `${server}/${owner}/${repo}.git` : url;
}
