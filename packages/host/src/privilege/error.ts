import { lastLines, PrivilegeError } from "../errors.js";
import { commandHint } from "../hints.js";
import type { Privilege } from "../ssh/target.js";

/** The error for a command that sudo or doas did not start. */
export function explainPrivilege(
  machine: string,
  user: string,
  { method }: Privilege,
  stderr: string,
): PrivilegeError {
  // Prompts stand on the line of what follows them.
  const said = stderr.replace(/^\[sudo[^\]\n]*\] [^:\n]*: */gm, "");
  return new PrivilegeError(
    `${method} does not make ${user} root on ${machine}:${lastLines(said, 3) || "\n    it ended without a word"}${commandHint(stderr)}`,
    machine,
  );
}
