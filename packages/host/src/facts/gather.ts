import type { Host } from "../host.js";
import { readScript } from "../scripts.js";
import type { HostFacts } from "./facts.js";
import { parseFacts } from "./parse.js";

/**
 * Asks a host what it is, in one round trip and without changing anything; it needs nothing there but a POSIX shell, sed
 * and coreutils, and no privileges.
 *
 * @throws {@link UnreachableError}
 */
export async function hostFacts(host: Host): Promise<HostFacts> {
  const { stdout } = await host.run(["sh", "-c", readScript("facts.sh")], {
    title: "asking what the host is",
  });
  return parseFacts(stdout);
}
