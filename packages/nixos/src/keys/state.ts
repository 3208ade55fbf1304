import type { LocalSource } from "./sources.js";

/** Where a key lies on its machine, who may read it, and what is told of a change. */
export interface KeyPlace {
  /** Absolute path on the machine. */
  readonly path: string;
  readonly user: string;
  readonly group: string;
  /** Four octal digits. */
  readonly permissions: string;
  readonly restart?: readonly string[];
  readonly reload?: readonly string[];
}

/** What the stack's state has of a key, in plain text. */
export interface KeyState extends KeyPlace {
  /** Tells a changed value from the same one, and nothing else: see {@link keyDigest}. After a refresh, of what is there. */
  readonly digest: string;
  /** Where the value comes from, if it is not in the state. */
  readonly source?: LocalSource;
}

/** A machine's keys in the stack's state: the part of a System's inputs that is about keys. */
export interface KeysInState {
  /** By name. */
  readonly keys?: Readonly<Record<string, KeyState>>;
  /** Values that came as outputs (secret), by name of the key. */
  readonly keyTexts?: Readonly<Record<string, string>>;
  /** What digests are made with (secret). */
  readonly keyDigestSecret?: string;
}
