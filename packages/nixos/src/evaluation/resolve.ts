import { findForeign, replaceForeign, showPath } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import { comesFromResources, inspect } from "../pulumi-internals.js";
import { type PlaceholderKind, withPlaceholders } from "./unknown.js";

/** A secret stood in a machine's configuration, which ends in the world-readable Nix store. */
export class SecretInConfigError extends FirnError {}

/** A configuration tree without outputs. */
export interface Resolved {
  readonly value: unknown;
  /** Option paths whose values are not known yet; placeholders take their place. */
  readonly unknown: readonly string[];
  /** Resources that the values come from. */
  readonly resources: ReadonlySet<pulumi.Resource>;
}

export interface ResolveOptions {
  /** Leaves out outputs of resources, which may wait for the very machine that is being configured. Default false. */
  readonly early?: boolean;
  /** What the tree is; default: a module of the user's. */
  readonly kind?: PlaceholderKind;
}

/**
 * Waits for every output in a configuration and puts its value in place.
 *
 * @throws {@link SecretInConfigError} naming the option
 */
export async function resolveConfig(
  config: unknown,
  { early = false, kind = "module" }: ResolveOptions = {},
): Promise<Resolved> {
  const resources = new Set<pulumi.Resource>();
  let value = config;
  // An output's value may hold further outputs, so this goes round until none is left.
  for (;;) {
    const leaves = findForeign(value, isForeign).filter((leaf) => !pulumi.isUnknown(leaf.value));
    const known = new Map<unknown, unknown>();
    await Promise.all(
      leaves.map(async (leaf) => {
        if (early && comesFromResources(leaf.value)) {
          known.set(leaf.value, pulumi.unknown);
          return;
        }
        const inspected = await inspect(leaf.value);
        if (inspected.secret) throw secretError(showPath(leaf.path));
        for (const resource of inspected.resources) resources.add(resource);
        known.set(leaf.value, inspected.value);
      }),
    );
    if (leaves.length === 0) break;
    value = replaceForeign(value, isForeign, (leaf) => (known.has(leaf) ? known.get(leaf) : leaf));
  }
  const unknown = findForeign(value, pulumi.isUnknown).map((leaf) => showPath(leaf.path));
  return { value: withPlaceholders(value, pulumi.isUnknown, kind), unknown, resources };
}

function isForeign(value: unknown): boolean {
  return isOutput(value) || pulumi.isUnknown(value);
}

function isOutput(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function secretError(option: string): SecretInConfigError {
  const name =
    option
      .split(".")
      .at(-1)
      ?.replace(/[^A-Za-z0-9-]/g, "-") || "secret";
  return new SecretInConfigError(
    `${option} is a secret, and what is in a NixOS configuration can be read by everyone in the Nix store. ` +
      `Give it to the machine as a key instead: keys: { "${name}": { text: … } }, and let the option name the file /run/keys/${name}.`,
  );
}
