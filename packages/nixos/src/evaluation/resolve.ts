import { findForeign, replaceForeign, showPath } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import { comesFromResources, inspect } from "../pulumi-internals.js";
import { SecretInConfigError } from "./secret-in-config.js";
import { type PlaceholderKind, withPlaceholders } from "./unknown.js";

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
        if (inspected.secret) throw new SecretInConfigError(leaf.path);
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
