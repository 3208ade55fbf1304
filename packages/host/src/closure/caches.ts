import type { Host } from "../host.js";
import { readScript } from "../scripts.js";

/** Which of their own binary caches machines reach, as far as they were asked, for as long as the connections live. */
const known = new WeakMap<Host, string>();

/** Seconds that a machine's caches have to answer. */
const PATIENCE_S = "1";

/** What is known of a machine's binary caches: those that answer, separated by blanks; undefined before it was asked. */
export function knownCaches(host: Host): string | undefined {
  return known.get(host);
}

/** Keeps what a machine said of its caches. */
export function rememberCaches(host: Host, caches: string): void {
  known.set(host, caches);
}

/**
 * Those of the machine's own binary caches that answer it within a second, separated by blanks. A machine is asked once
 * a connection.
 *
 * @throws {@link CommandError}, {@link UnreachableError}
 */
export async function reachableCaches(host: Host): Promise<string> {
  const before = known.get(host);
  if (before !== undefined) return before;
  const { stdout } = await host.run(["sh", "-c", readScript("caches.sh"), "sh", PATIENCE_S], {
    privileged: true,
    title: "looking for the machine's binary caches",
  });
  rememberCaches(host, stdout.trim());
  return stdout.trim();
}
