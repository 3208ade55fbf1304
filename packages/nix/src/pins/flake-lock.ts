import { dirname, join, resolve } from "node:path";
import type { Pin } from "./pin.js";
import { NixpkgsMissingError, readPinFile } from "./pin-file.js";

type Locked = Record<string, string | number | boolean>;
interface LockFile {
  readonly version: number;
  readonly root: string;
  /** An input is a node's name, or a path of inputs that starts at the root (`follows`). */
  readonly nodes: Record<string, { inputs?: Record<string, string | string[]>; locked?: Locked }>;
}

/**
 * Reads one input of a `flake.lock` (format version 7, see the Nix manual, "nix flake"), exactly as it is locked.
 *
 * @param directory the flake's directory
 * @throws {@link NixpkgsMissingError} when the file or the input is missing
 */
export function readFlakeInput(directory: string, input: string): Pin {
  const file = join(directory, "flake.lock");
  const lock = readPinFile(file) as LockFile;
  const locked = lock.nodes?.[follow(lock, [input]) ?? ""]?.locked;
  if (!locked) {
    const known = Object.keys(lock.nodes?.[lock.root]?.inputs ?? {});
    throw new NixpkgsMissingError(
      `${file} has no input "${input}"; it has ${known.join(", ") || "none"}. Name one with { flake: "…", input: "…" }.`,
    );
  }
  // A path input may be relative to the flake; Nix keeps it as written.
  if (locked.type === "path" && typeof locked.path === "string" && typeof locked.narHash !== "string")
    return { kind: "path", path: resolve(dirname(file), locked.path) };
  const { lastModified: _, ...attributes } = locked;
  return { kind: "fetched", attributes };
}

function follow(lock: LockFile, path: readonly string[]): string | undefined {
  let node: string | undefined = lock.root;
  for (const name of path) {
    const next: string | string[] | undefined = lock.nodes?.[node ?? ""]?.inputs?.[name];
    node = Array.isArray(next) ? follow(lock, next) : next;
  }
  return node;
}
