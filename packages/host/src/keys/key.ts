/** Where a key lies on the machine, and who may read it there. */
export interface KeyFile {
  /** Unique on the machine. */
  readonly name: string;
  /** Absolute path; keys that shall not outlive the machine's next boot lie below `/run`. */
  readonly path: string;
  /** Name or number; a user that the machine does not have yet becomes the owner when it has. */
  readonly user: string;
  readonly group: string;
  /** As for chmod, four octal digits: `0400`. */
  readonly permissions: string;
}

/** A secret, ready to be put on a machine. */
export interface Key extends KeyFile {
  readonly value: Uint8Array;
  /** Units that are restarted, once, when the key has changed: `postgresql.service`. */
  readonly restart?: readonly string[];
  /** Units that are reloaded, once, when the key has changed, and restarted where they cannot reload. */
  readonly reload?: readonly string[];
}
