import { CommandError, lastLines } from "../errors.js";
import type { Host } from "../host.js";

/** Runs a command on the machine; what it wrote and how it ended, unless that was 0. */
export async function checkCommand(
  host: Host,
  command: readonly string[],
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout, stderr } = await host.run(command, {
      privileged: true,
      check: false,
      timeoutMs,
    });
    return exitCode === 0 ? undefined : `exit code ${exitCode}${lastLines(`${stdout}\n${stderr}`, 10)}`;
  } catch (error) {
    // Too slow is an answer; a lost connection is none.
    if (error instanceof CommandError) return `no answer within ${timeoutMs / 1000} s`;
    throw error;
  }
}

/** Asks for the state of units; those that are not active, with their last lines. */
export async function checkUnits(
  host: Host,
  units: readonly string[],
  timeoutMs: number,
): Promise<string | undefined> {
  const { stdout } = await host.run(["systemctl", "is-active", "--", ...units], { check: false, timeoutMs });
  const states = stdout.split("\n").filter((line) => line !== "");
  const wrong = units.filter((_, index) => states[index] !== "active");
  if (wrong.length === 0) return undefined;
  const said = wrong.map((unit) => `${unit} is ${states[units.indexOf(unit)] ?? "unknown"}`).join(", ");
  const journal = await host.run(
    [
      "journalctl",
      "--no-pager",
      "--quiet",
      "--output=cat",
      "--lines=10",
      ...wrong.map((unit) => `--unit=${unit}`),
    ],
    { privileged: true, check: false, timeoutMs },
  );
  return `${said}${lastLines(journal.stdout, 10)}`;
}
