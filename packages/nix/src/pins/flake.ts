import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { lastError } from "../cli/errors.js";
import { runNix } from "../cli/run.js";
import { quoteString } from "../print/quote-string.js";
import type { FlakeLock, LockedNode } from "./flake-lock.js";
import type { PinInUse } from "./pin.js";
import { PinError } from "./pin-file.js";
import { fetchSources, type SourceAttributes } from "./sources.js";

/** An output of a flake, as `flake()` names it. */
export interface FlakeOutput {
  readonly __firnFlakeOutput: true;
  /** Flake reference without the output, for example `github:NixOS/nixos-hardware` or `.`. */
  readonly reference: string;
  /** Output, for example `["nixosModules", "x"]`. */
  readonly attribute: readonly string[];
}

/**
 * An output of a flake: `flake("github:NixOS/nixos-hardware/<revision>#nixosModules.lenovo-thinkpad-x1")`.
 *
 * @throws when the text names no output
 */
export function flake(text: string): FlakeOutput {
  const [reference = "", output = "", ...rest] = text.split("#");
  if (reference === "" || output === "" || rest.length > 0)
    throw new PinError(`${JSON.stringify(text)} names no output of a flake. Write it as "REFERENCE#OUTPUT".`);
  return { __firnFlakeOutput: true, reference, attribute: output.split(".") };
}

/** Whether a value is what {@link flake} returns, also by another copy of this package. */
export function isFlakeOutput(value: unknown): value is FlakeOutput {
  return typeof value === "object" && value !== null && "__firnFlakeOutput" in value;
}

/** A reference that means the same in every directory. */
export function absoluteReference(reference: string, root: string): string {
  const [, scheme = "", directory = ""] = /^(path:)?(.*)$/s.exec(reference) ?? [];
  const isDirectory = directory.startsWith(".") || isAbsolute(directory);
  return isDirectory ? `${scheme}${resolve(root, directory)}` : reference;
}

interface Metadata {
  readonly original: SourceAttributes;
  /** Reference with everything that pins it. */
  readonly url: string;
  readonly path: string;
  readonly lastModified?: number;
  readonly locked: SourceAttributes;
  readonly locks: FlakeLock;
}

/** Directory of this package's Nix files. */
const NIX_FILES = fileURLToPath(new URL("../../nix", import.meta.url));

/**
 * Brings a flake and its inputs to the store, exactly as its lock file has them.
 *
 * @throws {@link PinError} when it cannot be fetched or its lock file is not complete; an input that cannot be fetched
 * is an error in the evaluation, where it is used
 */
export async function fetchFlake(reference: string): Promise<PinInUse> {
  const metadata = await flakeMetadata(reference);
  const { locks } = metadata;
  const nodes: Record<string, LockedNode> = {
    ...locks.nodes,
    [locks.root]: { ...locks.nodes[locks.root], locked: rootAttributes(metadata) },
  };
  const fetched = Object.entries(nodes).filter(([, node]) => !isRelative(node));
  const paths = await fetchSources(fetched.map(([, node]) => node.locked ?? {}));
  const pathOf = new Map(fetched.map(([key], index) => [key, paths[index] as string | PinError]));
  const sources = Object.entries(nodes).map(([key, node]) => [key, describe(key, node, pathOf.get(key))]);
  const given = JSON.stringify({ nodes, root: locks.root, sources: Object.fromEntries(sources) });
  const directory = pathOf.get(locks.root);
  if (typeof directory !== "string") throw directory ?? new PinError(`the flake ${reference} has no source.`);
  return {
    portable: `(builtins.getFlake ${quoteString(metadata.url)})`,
    local: `(import (/. + ${quoteString(`${NIX_FILES}/flake.nix`)}) (builtins.fromJSON ${quoteString(given)}))`,
    fingerprint: given,
    directory,
    allow: [NIX_FILES, ...paths.filter((path) => typeof path === "string")],
    ...(isPinned(metadata) ? {} : { warning: notPinned(reference, metadata) }),
  };
}

async function flakeMetadata(reference: string): Promise<Metadata> {
  const result = await runNix("nix", ["flake", "metadata", "--json", "--no-update-lock-file", reference]);
  if (result.exitCode === 0) return JSON.parse(result.stdout);
  throw new PinError(
    result.stderr.includes("--no-update-lock-file")
      ? `flake.lock of the flake ${reference} does not pin all of its inputs. Run \`nix flake lock\` there.`
      : `the flake ${reference} could not be fetched: ${lastError(result.stderr)}`,
  );
}

function rootAttributes({ locked, lastModified }: Metadata): SourceAttributes {
  return { ...(lastModified === undefined ? {} : { lastModified }), ...locked };
}

/** Part of another input's source, which is how flakes lie below flakes. */
function isRelative({ locked, parent }: LockedNode): boolean {
  const isPart = locked?.type === "path" && !isAbsolute(String(locked.path));
  // Before Nix 2.26, a lock file took such a part for a source of its own.
  return isPart && (parent !== undefined || locked.narHash === undefined);
}

/** What flake.nix has to know of a source, with what a flake can learn of itself. */
function describe(key: string, node: LockedNode, path: string | PinError | undefined): object {
  const { locked = {}, parent = [] } = node;
  if (path instanceof PinError) return { error: `input ${key} of the flake: ${path.message}` };
  if (path === undefined) {
    const way = String(locked.path).replace(/^\.?\/?/, "");
    return { relative: way === "" ? "" : `/${way}`, parent };
  }
  const { narHash, rev, revCount, dirtyRev, dirtyShortRev, lastModified, submodules, dir } = locked;
  return {
    path,
    directory: dir === undefined || dir === "" ? "" : `/${dir}`,
    narHash,
    ...(locked.type === "git" ? { submodules: submodules ?? false } : {}),
    ...(typeof rev === "string" ? { rev, shortRev: rev.slice(0, 7) } : {}),
    ...(revCount === undefined ? {} : { revCount }),
    ...(dirtyRev === undefined ? {} : { dirtyRev, dirtyShortRev }),
    ...(typeof lastModified === "number" ? { lastModified, lastModifiedDate: showDate(lastModified) } : {}),
  };
}

/** Seconds since 1970 as `20261231235959`. */
function showDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$|[-:T]/g, "");
}

/** Whether a reference names one state for good; a directory of this computer is as the user has it. */
function isPinned({ original }: Metadata): boolean {
  const isLocal = original.type === "path" || String(original.url ?? "").startsWith("file:");
  return isLocal || original.rev !== undefined || original.narHash !== undefined;
}

function notPinned(reference: string, { url }: Metadata): string {
  return (
    `the flake ${reference} is not pinned, so that another day gives other machines. Today it is ${url}: ` +
    "write that, or make it an input of the project's own flake and use that flake's outputs."
  );
}
