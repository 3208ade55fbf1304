import { CommandError, lastLines } from "../errors.js";
import type { Host } from "../host.js";
import { lines } from "./inspect.js";
import type { KeyFile } from "./key.js";
import { runKeysScript } from "./script.js";

export interface SettledKeys {
  /** Paths of keys that are no longer among the machine's. */
  readonly removed: readonly string[];
  /** Units that still ran with an older value. */
  readonly restarted: readonly string[];
  readonly reloaded: readonly string[];
}

/**
 * Ends what {@link placeKeys} began, when the system that shall have the keys runs: removes keys that Firn placed
 * earlier and that are not among `keys`, gives keys to users that were made meanwhile, and restarts the units that
 * asked for it and were not started since their keys changed, all in one go. What fails is tried again by the next call.
 *
 * @throws {@link UnreachableError}; {@link CommandError} when a unit does not start with its new keys
 */
export async function settleKeys(host: Host, keys: readonly KeyFile[]): Promise<SettledKeys> {
  const input = lines(keys.map(({ user, group, path }) => `${user}:${group} ${path}`));
  const answer = await runKeysScript(host, "settle", input, "settling keys");
  const values = (name: string) =>
    answer
      .split("\n")
      .flatMap((line) => (line.startsWith(`firn:${name}=`) ? line.slice(name.length + 6) : []));
  const failed = values("failed");
  if (failed.length > 0)
    throw new CommandError(
      `the keys are on ${host.name}, but ${failed.join(", ")} ${failed.length === 1 ? "does" : "do"} not start with them:${lastLines(values("journal").join("\n"), 15)}
  Mend the key or the unit and run again: the units are restarted again then.`,
      host.name,
      1,
      "",
    );
  return { removed: values("removed"), restarted: values("restarted"), reloaded: values("reloaded") };
}
