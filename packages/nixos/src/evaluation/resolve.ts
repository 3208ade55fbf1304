import { findForeign, replaceForeign, showPath, str } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import { comesFromResources, inspect } from "../pulumi-internals.js";
import { unknownAt } from "./unknown.js";

/** A secret stood in a machine's configuration, which ends in the world-readable Nix store. */
export class SecretInConfigError extends FirnError {}

/** A configuration tree without outputs. */
export interface Resolved {
  readonly value: unknown;
  /** Option paths whose values are not known yet; their place is taken by a placeholder of the option's type. */
  readonly unknown: readonly string[];
  /** Resources that the values come from. */
  readonly resources: ReadonlySet<pulumi.Resource>;
}

/**
 * Waits for every output in a configuration and puts its value in place.
 *
 * @param early leaves out outputs of resources, which may wait for the very machine that is being configured
 * @throws {@link SecretInConfigError} naming the option
 */
export async function resolveConfig(config: unknown, early = false): Promise<Resolved> {
  const resources = new Set<pulumi.Resource>();
  const unknown: string[] = [];
  let value = config;
  // An output's value may hold further outputs, so this goes round until none is left.
  for (;;) {
    const leaves = findForeign(value, isForeign).filter((leaf) => !pulumi.isUnknown(leaf.value));
    const known = new Map<unknown, unknown>();
    await Promise.all(
      leaves.map(async (leaf) => {
        if (early && comesFromResources(leaf.value)) return;
        const inspected = await inspect(leaf.value);
        if (inspected.secret) throw secretError(showPath(leaf.path));
        for (const resource of inspected.resources) resources.add(resource);
        known.set(leaf.value, inspected.value);
      }),
    );
    value = replaceForeign(value, isForeign, (leaf, path, context) => {
      if (known.has(leaf) && !pulumi.isUnknown(known.get(leaf))) return known.get(leaf);
      unknown.push(showPath(path));
      const placeholder = unknownAt(path);
      return context === "value" ? placeholder : str`${placeholder}`;
    });
    if (leaves.length === 0) return { value, unknown, resources };
  }
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
