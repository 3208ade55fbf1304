import { explainCommand } from "../explain.js";
import type { Host } from "../host.js";
import { readScript } from "../scripts.js";

/** A restarted unit has its own time limits; this one ends what none of them ends, in milliseconds. */
const PATIENCE_MS = 600_000;

/**
 * Runs a command of `scripts/keys.sh` on a machine and returns what it answers.
 *
 * @throws {@link CommandError} with what it wrote to standard error only: its answers have digests of values
 */
export async function runKeysScript(
  host: Host,
  command: "inspect" | "place" | "settle",
  input: string | Uint8Array,
  title: string,
): Promise<string> {
  const { exitCode, stdout, stderr } = await host.run(["sh", "-c", readScript("keys.sh"), "sh", command], {
    input,
    privileged: true,
    check: false,
    timeoutMs: PATIENCE_MS,
    title,
  });
  if (exitCode !== 0)
    throw explainCommand({ machine: host.name, argv: ["sh"], title, exitCode, stdout: "", stderr });
  return stdout;
}
