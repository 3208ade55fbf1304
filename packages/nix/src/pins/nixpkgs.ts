import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { readFlakeInput } from "./flake-lock.js";
import { PIN_FILES, readNpin } from "./npins.js";
import type { Pin } from "./pin.js";
import { NixpkgsMissingError } from "./pin-file.js";

/** Where a network's nixpkgs comes from. Relative paths start at the directory of Pulumi.yaml. */
export type NixpkgsSource =
  /** An input of a flake, exactly as its `flake.lock` pins it; `input` defaults to `nixpkgs`. */
  | { readonly flake: string; readonly input?: string }
  /** A pin of `npins/sources.json` (or niv's `nix/sources.json`) in a directory; `name` defaults to `nixpkgs`. */
  | { readonly npins: string; readonly name?: string }
  /** A directory: a checkout of nixpkgs. */
  | { readonly path: string }
  /** A tarball and the hash of its unpacked contents (`sha256-…`). */
  | { readonly tarball: string; readonly hash: string };

/** What surrounds the search for nixpkgs. */
export interface NixpkgsSearch {
  /** Directory where relative paths start. */
  readonly root: string;
  /** A path from the user's configuration, which wins over all else. */
  readonly configured?: string | undefined;
  /** Told when nixpkgs is not pinned. */
  readonly warn: (message: string) => void;
}

/**
 * Finds the nixpkgs of a project: what is configured, what the program says, else `flake.lock`, else npins or niv,
 * else `<nixpkgs>` of NIX_PATH with a warning.
 *
 * @throws {@link NixpkgsMissingError}
 */
export function findNixpkgs(source: NixpkgsSource | undefined, search: NixpkgsSearch): Pin {
  const { root } = search;
  if (search.configured) return pinOf({ path: search.configured }, root);
  if (source) return pinOf(source, root);
  if (existsSync(join(root, "flake.lock"))) return pinOf({ flake: "." }, root);
  if (PIN_FILES.some((file) => existsSync(join(root, file)))) return pinOf({ npins: "." }, root);
  const entry = nixPathEntry("nixpkgs");
  if (!entry)
    throw new NixpkgsMissingError(
      `No nixpkgs: there is no flake.lock, npins/sources.json or nix/sources.json in ${root}, and NIX_PATH names none. ` +
        'Say where it is: new Network(…, { nixpkgs: { flake: "." } }) or { path: "…" }, or `pulumi config set firn:nixpkgs PATH`.',
    );
  search.warn(
    `nixpkgs comes from NIX_PATH (${entry}), which differs from computer to computer. Pin it: \`nix flake init\` and \`nix flake lock\`, or npins.`,
  );
  return pinOf({ path: entry }, root);
}

function pinOf(source: NixpkgsSource, root: string): Pin {
  if ("flake" in source) return readFlakeInput(resolve(root, source.flake), source.input ?? "nixpkgs");
  if ("npins" in source) return readNpin(resolve(root, source.npins), source.name ?? "nixpkgs");
  if ("tarball" in source)
    return { kind: "fetched", attributes: { type: "tarball", url: source.tarball, narHash: source.hash } };
  const path = resolve(root, source.path);
  if (!existsSync(join(path, "nixos/lib/eval-config.nix")))
    throw new NixpkgsMissingError(`${path} is no nixpkgs: it has no nixos/lib/eval-config.nix.`);
  return { kind: "path", path: realpathSync(path) };
}

/** The directory that NIX_PATH gives to `name`; entries that are not on this computer do not count. */
function nixPathEntry(name: string): string | undefined {
  for (const entry of (process.env.NIX_PATH ?? "").split(":")) {
    const path = entry.startsWith(`${name}=`) ? entry.slice(name.length + 1) : "";
    if (path.startsWith("/") && existsSync(path)) return path;
  }
  return undefined;
}
