import type { Host } from "../host.js";
import { readScript } from "../scripts.js";

/**
 * Keeps a system that was copied from the machine's garbage collector until it is activated or another one is copied.
 *
 * @throws {@link CommandError}, {@link UnreachableError}
 */
export async function keepFromCollector(host: Host, toplevel: string): Promise<void> {
  await host.run(["sh", "-c", readScript("gc-root.sh"), "sh", toplevel], {
    privileged: true,
    title: "keeping the system from the garbage collector",
  });
}
