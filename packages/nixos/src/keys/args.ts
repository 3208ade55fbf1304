import type * as pulumi from "@pulumi/pulumi";

/** Where a key lies on the machine, who may read it, and what is told of a change. */
export interface KeyOptions {
  /** Owner; may be a user that the same deployment makes. A name, or a number. Default `root`. */
  readonly user?: string;
  /** Default `root`. */
  readonly group?: string;
  /** As for chmod: three or four octal digits. Default `0400`. */
  readonly permissions?: string;
  /** Directory on the machine. Default `/run/keys`, or `/var/lib/keys` for a permanent key. */
  readonly destDir?: string;
  /** Whole path on the machine, where the file shall not be called as the key; instead of `destDir`. */
  readonly path?: string;
  /** Whether the key lies on the machine's disk and outlives its reboots. Default: in memory only. */
  readonly permanent?: boolean;
  /** Units that are restarted, once, when the key has changed, if they run: `["postgresql.service"]`. */
  readonly restart?: readonly string[];
  /** Units that are reloaded, once, when the key has changed, if they run. */
  readonly reload?: readonly string[];
}

/** Where the value of a key comes from: exactly one of these. */
export type KeySource =
  | {
      /** The value itself, usually a secret output; it lies in the stack's state, encrypted. */
      readonly text: pulumi.Input<string>;
      readonly file?: never;
      readonly command?: never;
      readonly env?: never;
    }
  | {
      /** A file on the deployer's computer, relative to the directory of Pulumi.yaml; any bytes. */
      readonly file: string;
      readonly text?: never;
      readonly command?: never;
      readonly env?: never;
    }
  | {
      /** A program and its arguments whose standard output is the value, byte for byte; no shell interprets them. */
      readonly command: readonly string[];
      readonly text?: never;
      readonly file?: never;
      readonly env?: never;
    }
  | {
      /** The name of an environment variable of `pulumi`. */
      readonly env: string;
      readonly text?: never;
      readonly file?: never;
      readonly command?: never;
    };

/** A secret of a machine, which never enters the Nix store. */
export type KeyArgs = KeyOptions & KeySource;

/**
 * Secrets by name. Each one is a file on the machine and a unit, `<name>-key.service`, that is active while the file
 * is there.
 *
 * @example { "pg-password": { text: new pulumi.Config().requireSecret("pgPassword"), user: "postgres", restart: ["postgresql.service"] } }
 */
export type Keys = Readonly<Record<string, KeyArgs>>;
