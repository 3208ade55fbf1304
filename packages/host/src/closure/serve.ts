import { type Cursor, WireWriter } from "./wire.js";

/**
 * What `nix-store --serve` understands: the protocol of `nix-copy-closure`, unchanged from Nix 2.1 on and in Lix.
 * Its own clients wait for the answer to each path, which costs them a round trip a path; nothing demands that.
 *
 * Source: `src/libstore/serve-protocol.hh` and `src/nix/nix-store/nix-store.cc` (`opServe`) of Nix 2.8 to 2.34.
 */

/** The version that is spoken; newer programs answer in it. It is the first with {@link addToStore}. */
const VERSION = 0x205;

export const GREETING = new WireWriter().number(0x390c9deb).number(VERSION).take();
/** What a greeting is answered with, before the program's own version. */
export const ANSWER = 0x5452eecb;
/** Bytes of the answer to a greeting. */
export const ANSWER_BYTES = 16;
/** Bytes of the answer to an {@link addToStore}. */
export const ADDED_BYTES = 8;

/** A store path with all that a store keeps about it. */
export interface PathInfo {
  readonly path: string;
  /** The derivation that it was built from; empty where that is not known. */
  readonly deriver: string;
  /** Paths that it needs, maybe itself among them. */
  readonly references: readonly string[];
  /** Bytes of its archive. */
  readonly narSize: number;
  /** Hash of its archive, for example `sha256:0v…`. */
  readonly narHash: string;
  /** Its content address; empty for what was built from inputs. */
  readonly ca: string;
  /** Signatures, each `name:base64`. */
  readonly signatures: readonly string[];
}

/** Asks for the closure of paths: answered by a list of paths in no particular order. */
export function queryClosure(paths: readonly string[]): Buffer {
  return new WireWriter().number(7).number(0).list(paths).take();
}

/** Asks what the store keeps about paths. */
export function queryPathInfos(paths: readonly string[]): Buffer {
  return new WireWriter().number(2).list(paths).take();
}

/** One of the answers to {@link queryPathInfos}; undefined after the last one. */
export function parsePathInfo(cursor: Cursor): PathInfo | undefined {
  const path = cursor.string();
  if (path === "") return undefined;
  const deriver = cursor.string();
  const references = cursor.list();
  cursor.number(); // bytes to download, from a cache
  const narSize = cursor.number();
  return {
    path,
    deriver,
    references,
    narSize,
    narHash: cursor.string(),
    ca: cursor.string(),
    signatures: cursor.list(),
  };
}

/** Asks for paths' archives, which are the answers. */
export function dumpStorePaths(paths: readonly string[]): Buffer {
  const writer = new WireWriter();
  for (const path of paths) writer.number(3).string(path);
  return writer.take();
}

/** Adds a path to the store: the archive follows, and is taken in as it comes. Answered by a number. */
export function addToStore(writer: WireWriter, info: PathInfo): void {
  writer
    .number(9)
    .string(info.path)
    .string(info.deriver)
    .string(info.narHash)
    .list(info.references)
    .number(0) // when it was registered: now
    .number(info.narSize)
    .number(0) // whether it was built there
    .list(info.signatures)
    .string(info.ca);
}
