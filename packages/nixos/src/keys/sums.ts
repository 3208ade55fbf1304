import { sha256 } from "@firn/host";
import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import { showLocation } from "../location.js";
import type { Machine } from "../machine.js";
import { KeySourceError, type LocalSource, readSource } from "./sources.js";

/** Values of keys could not be had; each machine's error was logged at it. */
export class KeysError extends FirnError {}

/**
 * Gets every key that is where `pulumi` runs, for its digest: so a preview shows which ones changed, and what cannot
 * be had ends the run before anything is touched. A source that several keys share is read once.
 *
 * @param root directory of Pulumi.yaml
 * @returns plain digests, by machine and name
 * @throws {@link KeysError}
 */
export async function readKeySums(
  machines: readonly Machine[],
  root: string,
): Promise<Map<Machine, Map<string, string>>> {
  const read = new Map<string, Promise<string>>();
  const sumOf = (source: LocalSource) => {
    const id = JSON.stringify(source);
    const sum = read.get(id) ?? readSource(source, root).then(sha256);
    read.set(id, sum);
    return sum;
  };
  const failed = new Set<string>();
  const sums = new Map<Machine, Map<string, string>>();
  await Promise.all(
    machines.map(async (machine) => {
      const own = new Map<string, string>();
      sums.set(machine, own);
      await Promise.all(
        machine.keys.map(async ({ name, source }) => {
          if ("text" in source) return;
          try {
            own.set(name, await sumOf(source));
          } catch (error) {
            if (!(error instanceof KeySourceError)) throw error;
            failed.add(machine.machineName);
            const where = `machine "${machine.machineName}" (${showLocation(machine.declared, root)})`;
            void pulumi.log.error(`${where}, key "${name}": ${error.message}`, machine);
          }
        }),
      );
    }),
  );
  if (failed.size > 0)
    throw new KeysError(`The keys of ${[...failed].sort().join(", ")} cannot be read; see above.`);
  return sums;
}
