import type { Host } from "../host.js";
import { explainActivation } from "./activation-error.js";
import { begin } from "./begin.js";
import { type FailedUnitsPolicy, policyLines } from "./failed-units.js";
import type { Goal } from "./goal.js";
import { rebootNeed } from "./reboot-reasons.js";
import { supervise } from "./supervise.js";

/** Whether a deployment may reboot a machine: never, where a switch would not do, or for every new system. */
export type RebootPolicy = "never" | "when-needed" | "always";

export interface ActivateArgs {
  /** Store path of the NixOS system; it is on the machine already. */
  readonly toplevel: string;
  readonly goal: Goal;
  /** Who deploys, for others who find the machine locked: `alice@laptop`. */
  readonly owner: string;
  /** Opens a connection of its own, not over the one in use: that it can be opened is what confirms. */
  readonly reconnect: () => Promise<Host>;
  /** Is called once a boot with the first connection after it, while its units still start. */
  readonly afterBoot?: (fresh: Host) => Promise<void>;
  /** Checks over the fresh connection before the confirmation; an error rolls the machine back. */
  readonly beforeConfirm?: (fresh: Host) => Promise<void>;
  /**
   * How long the machine waits without a word over a fresh connection before it goes back, in seconds; default 60.
   * After a reboot it waits three times as long.
   */
  readonly confirmTimeoutS?: number;
  /** How long switch-to-configuration may take, and a boot, in seconds; default 600. */
  readonly activationTimeoutS?: number;
  /** How long a machine may take until it answers after a reboot, in seconds; default 600. */
  readonly rebootTimeoutS?: number;
  /** What failed units mean; default `fail`. */
  readonly failedUnits?: FailedUnitsPolicy;
  /** Default `never`: where a switch would not do, the goal becomes `boot`. Counts for the goal `switch` alone. */
  readonly reboot?: RebootPolicy;
  /** How many generations of the system profile stay on the machine after a success; default all. */
  readonly keepGenerations?: number;
  readonly onProgress?: (message: string) => void;
  /** Is told what a person should read, also later; default: `onProgress`. */
  readonly onNote?: (message: string) => void;
}

export interface ActivationResult {
  /** `unchanged`: it ran already. `shown`: a dry run. `skipped`: the goal ends before activation. */
  readonly status: "unchanged" | "activated" | "shown" | "skipped";
  /** Lines that switch-to-configuration wrote. */
  readonly output: readonly string[];
  /** Units that failed and that the policy lets pass, or that had failed before. */
  readonly failedUnits: readonly string[];
  /** The system that ran before; undefined when there was none. */
  readonly previous?: string;
  /** The system that runs now; undefined when it was not asked. */
  readonly running?: string;
  /** The system that the next boot takes. */
  readonly bootDefault?: string;
  /** Why the system takes effect with the next boot only: what of it is not as booted. Empty when it runs whole. */
  readonly rebootPending: readonly string[];
  /** Whether the machine was rebooted. */
  readonly rebooted: boolean;
  /** Whether the connection in use still holds: not after a reboot, nor where it was cut meanwhile. */
  readonly connected: boolean;
}

/**
 * Activates a system on a machine so that it stays reachable: the machine works by itself, waits for a confirmation
 * over a fresh connection, and goes back to its old system without one. Nothing becomes the boot default before.
 *
 * @throws {@link ActivationError} when the system was not activated or was rolled back, {@link LockedError} when
 * another deployment is at it, {@link UnreachableError} when the connection is lost before it began.
 */
export async function activate(host: Host, args: ActivateArgs): Promise<ActivationResult> {
  const { goal: wanted } = args;
  if (wanted === "build" || wanted === "copy")
    return {
      status: "skipped",
      output: [],
      failedUnits: [],
      rebootPending: [],
      rebooted: false,
      connected: true,
    };
  if (wanted === "dry-activate") return dryActivate(host, args);
  const onProgress = args.onProgress ?? (() => {});
  const need = await rebootNeed(host, args.toplevel);
  const { goal, reboot } = decide(wanted, args.reboot ?? "never", need);
  const pending = goal === "boot" ? need.reasons : [];
  if (goal !== wanted) onProgress(`not switching, but booting it next time: ${need.reasons.join(", ")}`);
  const confirmTimeoutS = args.confirmTimeoutS ?? 60;
  const begun = await begin(
    host,
    {
      toplevel: args.toplevel,
      goal,
      reboot,
      owner: args.owner,
      confirmTimeoutS,
      activationTimeoutS: args.activationTimeoutS ?? 600,
      failedUnits: policyLines(args.failedUnits),
      keepGenerations: args.keepGenerations ?? "all",
    },
    onProgress,
    args.onNote ?? onProgress,
  );
  if (begun.status === "unchanged") {
    const { facts } = begun.conversation;
    return {
      status: "unchanged",
      output: [],
      failedUnits: [],
      previous: facts.get("previous") || undefined,
      running: facts.get("previous") || undefined,
      bootDefault: facts.get("bootDefault") || undefined,
      rebootPending: pending,
      rebooted: false,
      connected: true,
    };
  }
  const { report, output, cause, connected } = await supervise(begun.conversation, {
    id: begun.id,
    machine: host.name,
    confirmTimeoutS,
    rebootTimeoutS: args.rebootTimeoutS ?? 600,
    reconnect: args.reconnect,
    bootId: reboot === "no" ? undefined : need.bootId,
    afterBoot: args.afterBoot,
    beforeConfirm: args.beforeConfirm,
    onOutput: onProgress,
    onProgress,
  });
  if (report.outcome !== "activated") throw explainActivation(host.name, report, output, cause);
  return {
    status: "activated",
    output,
    failedUnits: report.failedUnits,
    previous: report.previous,
    running: report.goal === "boot" ? report.previous : report.toplevel,
    bootDefault: report.bootDefault,
    rebootPending: pending,
    rebooted: report.reboot,
    connected: connected && !report.reboot,
  };
}

/** A machine that booted no NixOS has nothing that it could go back to by a reboot: it is only switched. */
function decide(
  goal: "switch" | "test" | "boot",
  policy: RebootPolicy,
  need: Awaited<ReturnType<typeof rebootNeed>>,
): { goal: "switch" | "test" | "boot"; reboot: "yes" | "changed" | "no" } {
  if (goal !== "switch" || need.bootedSystem === undefined) return { goal, reboot: "no" };
  const needed = need.reasons.length > 0;
  if (policy === "never") return { goal: needed ? "boot" : "switch", reboot: "no" };
  return { goal, reboot: needed ? "yes" : policy === "always" ? "changed" : "no" };
}

async function dryActivate(host: Host, args: ActivateArgs): Promise<ActivationResult> {
  const output: string[] = [];
  await host.run([`${args.toplevel}/bin/switch-to-configuration`, "dry-activate"], {
    privileged: true,
    onLine: (line) => {
      output.push(line);
      args.onProgress?.(line);
    },
  });
  return { status: "shown", output, failedUnits: [], rebootPending: [], rebooted: false, connected: true };
}
