import { randomBytes } from "node:crypto";
import { LockedError } from "../errors.js";
import { hintFor } from "../hints.js";
import type { Host } from "../host.js";
import { ActivationError, explainActivation } from "./activation-error.js";
import { type Conversation, converse } from "./conversation.js";
import type { Goal } from "./goal.js";
import type { ActivationReport } from "./report.js";
import { supervise } from "./supervise.js";

export interface ActivateArgs {
  /** Store path of the NixOS system; it is on the machine already. */
  readonly toplevel: string;
  readonly goal: Goal;
  /** Who deploys, for others who find the machine locked: `alice@laptop`. */
  readonly owner: string;
  /** Opens a connection of its own, not over the one in use: that it can be opened is what confirms. */
  readonly reconnect: () => Promise<Host>;
  /** Checks over the fresh connection before the confirmation; an error rolls the machine back. */
  readonly beforeConfirm?: (fresh: Host) => Promise<void>;
  /** How long the machine waits without a word over a fresh connection before it goes back, in seconds; default 60. */
  readonly confirmTimeoutS?: number;
  /** How long switch-to-configuration may take, in seconds; default 600. */
  readonly activationTimeoutS?: number;
  /** What failed units mean: `fail` (default) rolls back, `warn` goes on and reports them. */
  readonly onFailedUnits?: "fail" | "warn";
  readonly onProgress?: (message: string) => void;
}

export interface ActivationResult {
  /** `unchanged`: it ran already. `shown`: a dry run. `skipped`: the goal ends before activation. */
  readonly status: "unchanged" | "activated" | "shown" | "skipped";
  /** Lines that switch-to-configuration wrote. */
  readonly output: readonly string[];
  /** Units that failed and that the policy lets pass. */
  readonly failedUnits: readonly string[];
  /** The system that ran before; undefined when there was none. */
  readonly previous?: string;
}

/**
 * Activates a system on a machine so that it stays reachable: the machine works by itself, waits for a confirmation
 * over a fresh connection, and goes back to its old system without one. Nothing becomes the boot default before.
 *
 * @throws {@link ActivationError} when the system was not activated or was rolled back, {@link LockedError} when
 * another deployment is at it, {@link UnreachableError} when the connection is lost before it began.
 */
export async function activate(host: Host, args: ActivateArgs): Promise<ActivationResult> {
  if (args.goal === "build" || args.goal === "copy")
    return { status: "skipped", output: [], failedUnits: [] };
  if (args.goal === "dry-activate") return dryActivate(host, args);
  const onProgress = args.onProgress ?? (() => {});
  const begun = await begin(host, args, onProgress);
  if (begun === "unchanged")
    return { status: "unchanged", output: [], failedUnits: [], previous: args.toplevel };
  const { report, output, cause } = await supervise(begun.conversation, {
    id: begun.id,
    machine: host.name,
    confirmTimeoutS: confirmTimeout(args),
    reconnect: args.reconnect,
    beforeConfirm: args.beforeConfirm,
    onOutput: onProgress,
    onProgress,
  });
  if (report.outcome !== "activated") throw explainActivation(host.name, report, output, cause);
  return { status: "activated", output, failedUnits: report.failedUnits, previous: report.previous };
}

function confirmTimeout(args: ActivateArgs): number {
  return args.confirmTimeoutS ?? 60;
}

async function begin(
  host: Host,
  args: ActivateArgs,
  onProgress: (message: string) => void,
): Promise<"unchanged" | { id: string; conversation: Conversation }> {
  for (;;) {
    const id = randomBytes(8).toString("hex");
    const limits = [
      String(confirmTimeout(args)),
      String(args.activationTimeoutS ?? 600),
      args.onFailedUnits ?? "fail",
    ];
    const command = ["begin", id, args.toplevel, args.goal, oneLine(args.owner), ...limits];
    const conversation = converse(host, command, onProgress);
    const result = await conversation.result;
    switch (result) {
      case "started":
        return { id, conversation };
      case "unchanged":
        return "unchanged";
      case "busy": {
        const holder = await conversation.done;
        const adopted = holder && (await takeOver(host, holder, args, onProgress));
        if (adopted) return { id: holder.id, conversation: adopted };
        break;
      }
      default:
        await conversation.done;
        throw notStarted(host, args, conversation, result);
    }
  }
}

/** Goes on with what a killed deployer left behind, if it is the same; otherwise has it rolled back. */
async function takeOver(
  host: Host,
  holder: ActivationReport,
  args: ActivateArgs,
  onProgress: (message: string) => void,
): Promise<Conversation | undefined> {
  if (holder.alive)
    throw new LockedError(
      `${host.name} is held by a deployment of ${holder.owner} since ${holder.since} (${holder.phase}). Run again when that one has ended.`,
      host.name,
      holder.owner,
      holder.since,
    );
  if (holder.toplevel === args.toplevel && holder.goal === args.goal) {
    onProgress(`going on with the activation that ${holder.owner} began at ${holder.since}`);
    return converse(host, ["follow", holder.id, "0", "watcher"], onProgress);
  }
  onProgress(`waiting for the activation that ${holder.owner} left behind at ${holder.since} to roll back`);
  const conversation = converse(host, ["follow", holder.id, "none", "watcher"]);
  conversation.say(`reject superseded by a deployment of ${oneLine(args.owner)}`);
  await conversation.done;
  return undefined;
}

function notStarted(
  host: Host,
  args: ActivateArgs,
  conversation: Conversation,
  result: string | undefined,
): ActivationError {
  const said = conversation.remarks.map((line) => `\n    ${line}`).join("");
  const why =
    result === "no-toplevel"
      ? `${args.toplevel} has no bin/switch-to-configuration there: it was not copied, or it is no NixOS system.`
      : `systemd-run could not start it:${said}${hintFor(said)}`;
  return new ActivationError(`the activation did not begin on ${host.name}: ${why}`, host.name);
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
  return { status: "shown", output, failedUnits: [] };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 200);
}
