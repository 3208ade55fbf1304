import { type Key, sha256 } from "@firn/host";
import { keyDigest } from "./digest.js";
import { KeySourceError, notEmpty, readSource } from "./sources.js";
import type { KeyState, KeysInState } from "./state.js";

/** The keys of one machine with their values, as they are where `pulumi` runs at this moment. */
export interface MachineKeys {
  readonly keys: readonly Key[];
  /** What the state has of them, with the digests of these very values. */
  readonly state: Readonly<Record<string, KeyState>>;
}

/**
 * Gets the values of a machine's keys: from the state, or from where they come.
 *
 * @param root directory of Pulumi.yaml
 * @throws {@link KeySourceError} that names every key without a value
 */
export async function readKeys(inputs: KeysInState, root: string): Promise<MachineKeys> {
  const entries = Object.entries(inputs.keys ?? {});
  const failures: string[] = [];
  const keys: Key[] = [];
  const state: Record<string, KeyState> = {};
  await Promise.all(
    entries.map(async ([name, key]) => {
      try {
        const value = await currentValue(name, key, inputs, root);
        keys.push({ ...key, name, value });
        state[name] = { ...key, digest: keyDigest(inputs.keyDigestSecret ?? "", sha256(value)) };
      } catch (error) {
        if (!(error instanceof KeySourceError)) throw error;
        failures.push(`key "${name}": ${error.message}`);
      }
    }),
  );
  if (failures.length > 0) throw new KeySourceError(failures.sort().join("\n  "));
  return { keys: keys.sort((a, b) => (a.name < b.name ? -1 : 1)), state };
}

async function currentValue(
  name: string,
  key: KeyState,
  inputs: KeysInState,
  root: string,
): Promise<Uint8Array> {
  if (key.source) return readSource(key.source, root);
  const text = inputs.keyTexts?.[name];
  if (text === undefined) throw new KeySourceError("its value is not in the state. Run `pulumi up`.");
  return notEmpty(Buffer.from(text), "its text");
}
