import { HostError, lastLines } from "../errors.js";
import { hintFor } from "../hints.js";
import type { ActivationReport } from "./report.js";

/** A system was not activated, or did not stay. */
export class ActivationError extends HostError {
  override readonly name = "ActivationError";
  constructor(
    message: string,
    machine: string,
    /** What the machine recorded, as far as it could be asked. */
    readonly report?: ActivationReport,
    options?: ErrorOptions,
  ) {
    super(message, machine, options);
  }
}

/** The error for an activation that is finished and did not succeed. */
export function explainActivation(
  machine: string,
  report: ActivationReport,
  output: readonly string[],
  cause: unknown,
): ActivationError {
  const why = [report.reason, cause instanceof Error ? cause.message : undefined]
    .filter(Boolean)
    .join("\n  ");
  const tail = lastLines(output.join("\n"), 15);
  return new ActivationError(
    `${machine} ${outcomeText(report)}${why ? `: ${why}` : "."}${tail ? `\n  Last lines of the activation:${tail}` : ""}${hintFor(tail)}`,
    machine,
    report,
    { cause },
  );
}

function outcomeText(report: ActivationReport): string {
  switch (report.outcome) {
    case "rolled-back":
      return report.goal === "boot"
        ? "keeps its old system for the next boot"
        : `was rolled back and runs ${report.previous} again`;
    case "not-rolled-back":
      return `could not activate ${report.toplevel}, and ran no NixOS system before to which it could go back; nothing became its boot default`;
    case "rollback-failed":
      return `could not be rolled back wholly to ${report.previous}; a reboot starts it`;
    default:
      return report.confirmed
        ? `did not finish making ${report.toplevel} its boot default`
        : `did not finish the activation of ${report.toplevel}; nothing became its boot default`;
  }
}
