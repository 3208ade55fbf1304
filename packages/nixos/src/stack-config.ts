import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "./errors.js";

/** Settings that differ from stack to stack: sizes, regions, counts. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/**
 * What `Pulumi.<stack>.yaml` says under a name, over the program's defaults. The defaults are the types: a setting that
 * they do not have, or of another type than theirs, is an error.
 *
 * @param name key in the project's own configuration: `shop:web` for `web` in the project `shop`
 * @throws a `RunError` that names the stack's file, the setting, and what it may be
 * @example
 * // Pulumi.prod.yaml:  config: { shop:web: { serverType: ccx13, location: nbg1 } }
 * hcloud(stackConfig("web", { serverType: "cx23", location: "fsn1" }))
 */
export function stackConfig<T extends Settings>(
  name: string,
  defaults: T,
): { [K in keyof T]: Widened<T[K]> } {
  const key = `${pulumi.getProject()}:${name}`;
  const where = `Pulumi.${pulumi.getStack()}.yaml: ${key}`;
  const known = Object.keys(defaults).join(", ");
  const given = read(name, where);
  for (const [setting, value] of Object.entries(given)) {
    const standard = Object.hasOwn(defaults, setting) ? defaults[setting] : undefined;
    if (standard === undefined) throw new FirnError(`${where} has no setting "${setting}"; it has ${known}.`);
    if (typeof value !== typeof standard)
      throw new FirnError(
        `${where}: ${setting} must be a ${typeof standard}, such as ${JSON.stringify(standard)}, and is ${JSON.stringify(value)}.`,
      );
  }
  return { ...defaults, ...given } as { [K in keyof T]: Widened<T[K]> };
}

/** `"cx23"` given as a default allows any string. */
type Widened<T> = T extends string ? string : T extends number ? number : boolean;

function read(name: string, where: string): Record<string, unknown> {
  const config = new pulumi.Config();
  try {
    const given = config.getObject<unknown>(name) ?? {};
    if (typeof given === "object" && given !== null && !Array.isArray(given))
      return given as Record<string, unknown>;
  } catch {
    // A plain value is no JSON; the error below says what is wanted.
  }
  throw new FirnError(`${where} must hold settings by name, and is ${JSON.stringify(config.get(name))}.`);
}
