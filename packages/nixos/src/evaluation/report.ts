import { relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import { showLocation } from "../location.js";
import type { Machine } from "../machine.js";
import type { EvaluationFailure } from "./explain.js";

/** Configurations could not be evaluated; each one's error was logged at its machine. */
export class EvaluationError extends FirnError {}

/**
 * Logs each machine's failure at its machine.
 *
 * @throws {@link EvaluationError} when there is any
 */
export function reportFailures(
  failures: ReadonlyMap<string, EvaluationFailure>,
  machines: readonly Machine[],
  directory: string,
  root: string,
): void {
  const names: string[] = [];
  for (const machine of machines) {
    const failure = failures.get(machine.machineName);
    if (!failure) continue;
    if (failure.reason.includes("firn-unknown")) {
      // Its value may well be right once it is known; nobody can tell before.
      const what = failure.option ?? "an option";
      void pulumi.log.warn(
        `not checked in this preview: ${what} needs a value that is known after provisioning`,
        machine,
      );
      continue;
    }
    names.push(machine.machineName);
    void pulumi.log.error(describe(failure, machine, directory, root), machine);
  }
  if (names.length === 0) return;
  throw new EvaluationError(
    `${names.length === 1 ? "The configuration" : "The configurations"} of ${names.join(", ")} cannot be evaluated; see above.`,
  );
}

function describe(failure: EvaluationFailure, machine: Machine, directory: string, root: string): string {
  const where = showLocation(machine.declared, root);
  const lines = [
    `machine "${failure.machine}" (${where})${failure.option ? `, option ${failure.option}` : ""}: its configuration cannot be evaluated`,
    ...failure.reason.split("\n").map((line) => `  ${line}`),
  ];
  const file = failure.file ?? `${directory}/${failure.machine}.nix`;
  lines.push(`  rendered: ${file.startsWith(root) ? relative(root, file) : file}`);
  if (failure.hint) lines.push(`  hint: ${failure.hint}`);
  return lines.join("\n");
}
