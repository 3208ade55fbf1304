import { siteOf } from "./site.js";
import { lastLinesOf } from "./supervisor.js";

/** What a machine said last, on its console and in its journal, for a deployment that it does not answer. */
export function lastOfConsole({ id }: { readonly id: string }): Promise<readonly string[]> {
  return lastLinesOf(siteOf(), id);
}
