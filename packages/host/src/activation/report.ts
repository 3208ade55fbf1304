import type { Host } from "../host.js";
import { readValues } from "../scripts.js";
import { converse } from "./conversation.js";
import type { Goal } from "./goal.js";

/** Where an activation is, as the machine itself recorded it. */
export interface ActivationReport {
  readonly id: string;
  readonly phase:
    | "starting"
    | "testing"
    | "staging"
    | "rebooting"
    | "booting"
    | "waiting"
    | "committing"
    | "rolling-back"
    | "finished";
  /** Only when finished. `not-rolled-back`: it failed and there was no system before it. */
  readonly outcome?: "activated" | "rolled-back" | "not-rolled-back" | "rollback-failed" | "interrupted";
  /** Why it was rolled back. */
  readonly reason?: string;
  readonly toplevel: string;
  /** The system that ran before. */
  readonly previous?: string;
  readonly goal: Goal;
  /** Who began it and when, by the machine's clock. */
  readonly owner: string;
  readonly since: string;
  /** Whether the deployer that began it was heard of in the last half minute. */
  readonly alive: boolean;
  readonly testExit?: number;
  /** Whether it was confirmed, so that its boot default was being changed. */
  readonly confirmed: boolean;
  /** Exit code of the switch back to the old system. */
  readonly rollbackExit?: number;
  /** Whether the old system could not be made the boot default again after the new one had been. */
  readonly defaultLost: boolean;
  /** Units that failed and that the policy lets pass, or that had failed before. */
  readonly failedUnits: readonly string[];
  /** The system that the next boot takes. */
  readonly bootDefault?: string;
  /** Whether the system is tried by booting it. */
  readonly reboot: boolean;
  /** What a machine that does not come back with the system on trial can be brought back with. */
  readonly fallback?: Fallback;
}

/** The system that a machine goes back to when the one that it was rebooted into does not work. */
export interface Fallback {
  readonly toplevel: string;
  /** Its generation of the system profile, by which boot menus name it. */
  readonly generation: string;
  /** Whether it is the boot default already, because the boot loader starts the other one once only. */
  readonly isDefault: boolean;
}

/** Reads what the machine's half of the protocol reports; undefined when it knows of no activation. */
export function parseReport(text: string): ActivationReport | undefined {
  return reportOf(readValues(text));
}

/** The same from values that were read already. */
export function reportOf(values: ReadonlyMap<string, string>): ActivationReport | undefined {
  const value = (key: string) => values.get(key);
  if (!value("id") || !value("phase")) return undefined;
  const exit = (key: string) => (value(key) === undefined ? undefined : Number(value(key)));
  return {
    id: value("id") ?? "",
    phase: value("phase") as ActivationReport["phase"],
    outcome: value("outcome") as ActivationReport["outcome"],
    reason: value("reason"),
    toplevel: value("toplevel") ?? "",
    previous: value("previous"),
    goal: value("goal") as Goal,
    owner: value("owner") ?? "",
    since: value("since") ?? "",
    alive: value("alive") === "yes",
    testExit: exit("testExit"),
    rollbackExit: exit("rollbackExit"),
    defaultLost: value("defaultExit") !== undefined,
    confirmed: value("commitExit") !== undefined,
    failedUnits: (value("failedUnits") ?? "").split(" ").filter((unit) => unit !== ""),
    bootDefault: value("bootDefault") || undefined,
    reboot: value("reboot") === "yes",
    fallback: value("fallback")
      ? {
          toplevel: value("fallback") ?? "",
          generation: value("fallbackGeneration") ?? "",
          isDefault: value("bootOnce") === "yes",
        }
      : undefined,
  };
}

/**
 * What became of a machine's latest activation since it booted, also one whose deployer was killed.
 *
 * @throws {@link UnreachableError}
 */
export async function activationStatus(
  host: Host,
): Promise<(ActivationReport & { readonly output: readonly string[] }) | undefined> {
  const conversation = converse(host, ["status", "last"]);
  const report = await conversation.done;
  return report && { ...report, output: conversation.output };
}
