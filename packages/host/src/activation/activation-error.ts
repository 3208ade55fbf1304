import { HostError, HostKeyMismatchError, lastLines } from "../errors.js";
import { commandHint } from "../hints.js";
import type { ActivationReport, Fallback } from "./report.js";

/** A system was not activated, or did not stay. */
export class ActivationError extends HostError {
  override readonly name: string = "ActivationError";
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

/** Files of the system are not on the machine as they were sent; nothing was activated. */
export class DamagedSystemError extends ActivationError {
  override readonly name = "DamagedSystemError";
}

/** The error for an activation that is finished and did not succeed. */
export function explainActivation(
  machine: string,
  report: ActivationReport,
  output: readonly string[],
  cause: unknown,
): ActivationError {
  const why = [report.reason, causeText(cause)].filter(Boolean).join("\n  ");
  const tail = lastLines(output.join("\n"), 15);
  return new ActivationError(
    `${machine} ${outcomeText(report)}${why ? `: ${why}` : "."}${tail ? `\n  Last lines of the activation:${tail}` : ""}${commandHint(tail)}`,
    machine,
    report,
    { cause },
  );
}

function causeText(cause: unknown): string | undefined {
  // Before the activation the machine had the pinned key: the new system is what changed it.
  if (cause instanceof HostKeyMismatchError && cause.offered !== undefined)
    return `its sshd offered another host key than the pinned one, ${cause.offered}: let services.openssh.hostKeys name the key that the machine has.`;
  return cause instanceof Error ? cause.message : undefined;
}

function halfRolledBack({
  goal,
  previous,
  toplevel,
  rollbackExit = 0,
  defaultLost,
}: ActivationReport): string {
  const boot = "its boot entry could not be written back: a reboot may start";
  if (goal === "boot") return `does not take the new system, but ${boot} ${toplevel}`;
  if (rollbackExit === 0 || rollbackExit === 4)
    return `was rolled back and runs ${previous} again, but ${boot} ${toplevel}`;
  const half = `could not go back to ${previous} (switch-to-configuration exited with ${rollbackExit}) and may run parts of both systems`;
  return defaultLost ? `${half}; ${boot} ${toplevel}` : `${half} until a reboot, which starts the old one`;
}

/** What to do about a machine from which nothing was heard for too long. */
export function lostFromSight(
  machine: string,
  beforeReboot: ActivationReport | undefined,
  cause: unknown,
  timeouts: { readonly confirmTimeoutS: number; readonly rebootTimeoutS: number },
): ActivationError {
  const why = cause instanceof Error ? cause.message : "nothing was heard of it";
  if (!beforeReboot)
    return new ActivationError(
      `${machine} was lost from sight during its activation: ${why}
  It goes back to its old system by itself when no confirmation reaches it within ${timeouts.confirmTimeoutS} s, and a reboot starts the old one. Run again to learn what it did.`,
      machine,
      undefined,
      { cause },
    );
  return new ActivationError(
    `${machine} did not answer for ${timeouts.rebootTimeoutS} s after its reboot into ${beforeReboot.toplevel}: ${why}
  If it came up without its network, it goes back by itself: ${timeouts.confirmTimeoutS * 3} s after its boot it boots ${beforeReboot.fallback?.toplevel} again.
  If it did not come up: ${toFallback(beforeReboot.fallback)}
  Then run again.`,
    machine,
    beforeReboot,
    { cause },
  );
}

/** How a person brings a machine back to its old system, as its boot loader needs it. */
function toFallback(fallback: Fallback | undefined): string {
  if (!fallback) return "reset it.";
  return fallback.isDefault
    ? `reset it (power off and on). Its boot loader was told to start the new system once only, so that it starts ${fallback.toplevel} then.`
    : `reset it (power off and on) and choose generation ${fallback.generation} in its boot menu, at the console: its boot loader cannot start a system once only, so that the new one is its default. Without a menu, start a rescue system and run \`nixos-enter -c "nix-env -p /nix/var/nix/profiles/system --switch-generation ${fallback.generation} && /nix/var/nix/profiles/system/bin/switch-to-configuration boot"\` there.`;
}

function outcomeText(report: ActivationReport): string {
  switch (report.outcome) {
    case "rolled-back":
      if (report.reboot) return `goes on with its old system ${report.fallback?.toplevel ?? ""}`.trimEnd();
      return report.goal === "boot"
        ? "keeps its old system for the next boot"
        : `was rolled back and runs ${report.previous} again`;
    case "not-rolled-back":
      return `could not activate ${report.toplevel}, and ran no NixOS system before to which it could go back; nothing became its boot default`;
    case "rollback-failed":
      if (report.reboot)
        return `could not go back wholly to ${report.fallback?.toplevel}; ${toFallback(report.fallback)}`;
      return halfRolledBack(report);
    default:
      return report.confirmed
        ? `did not finish making ${report.toplevel} its boot default`
        : `did not finish the activation of ${report.toplevel}; nothing became its boot default`;
  }
}
