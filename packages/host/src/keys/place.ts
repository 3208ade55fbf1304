import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Host } from "../host.js";
import { inspectKeys, isOwnedAs, lines } from "./inspect.js";
import type { Key } from "./key.js";
import { runKeysScript } from "./script.js";
import { type TarFile, tar } from "./tar.js";

export interface PlacedKeys {
  /** Names of the keys that were sent: those that the machine lacked, or had in another shape. */
  readonly sent: readonly string[];
  /** Whether {@link settleKeys} has something to do. */
  readonly unsettled: boolean;
}

/**
 * Puts keys on a machine: asks once which of them it has, and sends the others in one stream. Each one appears whole,
 * with owner and mode, under its name. Nothing is removed or restarted yet, so that the system that runs goes on with
 * what it has until the new one runs.
 *
 * @throws {@link UnreachableError}, {@link CommandError}, {@link DiskFullError}
 */
export async function placeKeys(host: Host, keys: readonly Key[]): Promise<PlacedKeys> {
  const machine = await inspectKeys(
    host,
    keys.map((key) => key.path),
  );
  const changed = keys.filter((key) => {
    const found = machine.files.get(key.path);
    return !found || found.sha256 !== sha256(key.value) || !isOwnedAs(found, key);
  });
  if (changed.length > 0)
    await runKeysScript(host, "place", stream(changed), `sending ${changed.length} keys`);
  const paths = new Set(keys.map((key) => key.path));
  return {
    sent: changed.map((key) => key.name),
    unsettled: changed.length > 0 || machine.pending || machine.placed.some((path) => !paths.has(path)),
  };
}

/** Digest of a key's value, as {@link inspectKeys} tells it. */
export function sha256(value: Uint8Array): string {
  return createHash("sha256").update(value).digest("hex");
}

/** The keys by directory, and what the script needs to know of them. */
function stream(keys: readonly Key[]): Buffer {
  const directories = [...new Set(keys.map((key) => posix.dirname(key.path)))];
  const units = keys.flatMap((key) => [
    ...(key.restart ?? []).map((unit) => `restart ${unit}`),
    ...(key.reload ?? []).map((unit) => `reload ${unit}`),
  ]);
  const list = (name: string, entries: readonly string[]): TarFile => ({
    name,
    content: Buffer.from(lines(entries)),
  });
  return tar([
    list("directories", directories),
    list("paths", keys.map((key) => key.path)), // biome-ignore format: one entry a line
    list("units", [...new Set(units)]),
    ...keys.map(({ path, value, ...owner }) => ({
      ...owner,
      name: `${directories.indexOf(posix.dirname(path))}/${posix.basename(path)}`,
      content: value,
    })),
    // A stream that was cut between two files would look whole to tar.
    list("end", []),
  ]);
}
