import type { RollingUpdate } from "./deployment-args.js";
import { FirnError } from "./errors.js";
import type { RollingGroup } from "./system.js";

/** The rolling updates of a network, whose machines take their places as they are declared. */
export class RollingGroups {
  private readonly taken = new Map<string, number>();

  /** @throws a `RunError` for a limit that is no whole number of at least 1 */
  constructor(
    private readonly updates: Readonly<Record<string, RollingUpdate>>,
    network: string,
  ) {
    for (const [tag, update] of Object.entries(updates))
      for (const name of ["maxParallel", "stopAfter"] as const) {
        const value = update[name] ?? 1;
        if (!(Number.isInteger(value) && value >= 1))
          throw new FirnError(
            `network "${network}": rolling[${JSON.stringify(tag)}].${name}: ${value} is no whole number of at least 1.`,
          );
      }
  }

  /** The next machine's part in them; empty for one that is in none. */
  join(tags: readonly string[]): { readonly rolling?: readonly RollingGroup[] } {
    const rolling = Object.entries(this.updates)
      .filter(([tag]) => tag === "*" || tags.includes(tag))
      .map(([tag, { maxParallel = 1, stopAfter = 1 }]) => {
        const place = this.taken.get(tag) ?? 0;
        this.taken.set(tag, place + 1);
        return { tag, place, maxParallel, stopAfter };
      });
    return rolling.length === 0 ? {} : { rolling };
  }
}
