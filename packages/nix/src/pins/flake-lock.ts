import { dirname, join, resolve } from "node:path";
import type { Pin } from "./pin.js";
import { NixpkgsMissingError, readPinFile } from "./pin-file.js";
import type { SourceAttributes } from "./sources.js";

/** One source of a {@link FlakeLock}. */
export interface LockedNode {
  /** An input is a node's name, or a path of inputs that starts at the root (`follows`). */
  readonly inputs?: Readonly<Record<string, string | readonly string[]>>;
  readonly locked?: SourceAttributes;
  /** Whether the source is a flake; default true. */
  readonly flake?: boolean;
  /** Nix 2.26 and newer: the input that a relative path starts at, as a path of inputs from the root. */
  readonly parent?: readonly string[];
}

/** A `flake.lock` (format versions 5 to 7). */
export interface FlakeLock {
  readonly version: number;
  readonly root: string;
  readonly nodes: Readonly<Record<string, LockedNode>>;
}

/**
 * Reads one input of a `flake.lock` (format version 7, see the Nix manual, "nix flake"), exactly as it is locked.
 *
 * @param directory the flake's directory
 * @throws {@link NixpkgsMissingError} when the file or the input is missing
 */
export function readFlakeInput(directory: string, input: string): Pin {
  const file = join(directory, "flake.lock");
  const lock = readPinFile(file) as FlakeLock;
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
  return { kind: "fetched", attributes: locked };
}

function follow(lock: FlakeLock, path: readonly string[]): string | undefined {
  let node: string | undefined = lock.root;
  for (const name of path) {
    const next: string | readonly string[] | undefined = lock.nodes?.[node ?? ""]?.inputs?.[name];
    node = typeof next === "object" ? follow(lock, next) : next;
  }
  return node;
}
