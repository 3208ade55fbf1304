import { sha256 } from "@firn/host";
import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import type { DeclaredKey } from "./declare.js";
import { keyDigest } from "./digest.js";
import type { KeyPlace, KeysInState } from "./state.js";

/** Where keys lie, by name, as their machine's configuration is told; undefined when there are none. */
export function keyPlaces(keys: readonly DeclaredKey[]): Record<string, KeyPlace> | undefined {
  return keys.length === 0 ? undefined : Object.fromEntries(keys.map(({ name, place }) => [name, place]));
}

/**
 * As {@link inputsOf}, for keys that are only known when the whole program was read: a link makes one.
 */
export function keyInputs(
  declared: Promise<readonly DeclaredKey[]>,
  secret: () => pulumi.Output<string>,
  sums: Promise<ReadonlyMap<string, string>>,
): { [K in keyof KeysInState]: pulumi.Input<KeysInState[K]> } {
  const inputs = declared.then((keys) => inputsOf(keys, secret, sums));
  // Promises, because an output of all keys would be unknown as a whole for one that is.
  const property = <K extends keyof KeysInState>(name: K) =>
    inputs.then((each): unknown => each[name]) as pulumi.Input<NonNullable<KeysInState[K]>>;
  return {
    keys: property("keys"),
    keyTexts: property("keyTexts"),
    keyDigestSecret: property("keyDigestSecret"),
  };
}

/**
 * What a System is told of its machine's keys: values that came as outputs, as secrets, and of all of them digests
 * that everyone may see. A value that is not known yet has a digest that is not known yet.
 *
 * @param secret gives what the digests are made with; called only for a machine that has keys
 * @param sums plain digests of the values that are where `pulumi` runs, by name
 */
function inputsOf(
  keys: readonly DeclaredKey[],
  secret: () => pulumi.Output<string>,
  sums: Promise<ReadonlyMap<string, string>>,
): { [K in keyof KeysInState]: pulumi.Input<KeysInState[K]> } {
  if (keys.length === 0) return {};
  const digestSecret = secret();
  const texts: Record<string, pulumi.Output<string>> = {};
  const states: Record<string, unknown> = {};
  for (const { name, place, source } of keys) {
    const text = "text" in source ? checked(name, source.text) : undefined;
    if (text) texts[name] = text;
    const sum = text
      ? text.apply((value) => sha256(Buffer.from(value)))
      : sums.then((all) => all.get(name) ?? "");
    states[name] = {
      digest: pulumi.unsecret(
        pulumi.all([digestSecret, sum]).apply(([key, digest]) => keyDigest(key, digest)),
      ),
      ...place,
      ...(text ? {} : { source }),
    };
  }
  return {
    keys: states as pulumi.Input<KeysInState["keys"]>,
    ...(Object.keys(texts).length > 0 ? { keyTexts: pulumi.secret(texts) } : {}),
    keyDigestSecret: digestSecret,
  };
}

function checked(name: string, text: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(text).apply((value: unknown) => {
    if (typeof value === "string" && value !== "") return value;
    throw new FirnError(
      `key "${name}": its text is ${value === "" ? "empty" : "no text"}, and a key needs a value.`,
    );
  });
}
