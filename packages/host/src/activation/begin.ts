import { randomBytes } from "node:crypto";
import { LockedError } from "../errors.js";
import { commandHint } from "../hints.js";
import type { Host } from "../host.js";
import { ActivationError, DamagedSystemError } from "./activation-error.js";
import { type Conversation, converse } from "./conversation.js";
import type { Goal } from "./goal.js";
import type { ActivationReport } from "./report.js";

/** What the machine's half is told. */
export interface BeginArgs {
  readonly toplevel: string;
  readonly goal: Exclude<Goal, "build" | "copy" | "dry-activate">;
  readonly owner: string;
  readonly confirmTimeoutS: number;
  readonly activationTimeoutS: number;
  /** From `policyLines`. */
  readonly failedUnits: string;
  /** `yes` reboots whatever runs, `changed` unless the system runs already. */
  readonly reboot: "yes" | "changed" | "no";
  readonly keepGenerations: number | "all";
}

export type Begun =
  | { readonly status: "unchanged"; readonly conversation: Conversation }
  | { readonly status: "started"; readonly id: string; readonly conversation: Conversation };

/**
 * Begins an activation on a machine, or goes on with what a killed deployer began.
 *
 * @throws {@link LockedError} when another deployment is at it, {@link ActivationError} when it cannot be started
 */
export async function begin(
  host: Host,
  args: BeginArgs,
  onProgress: (message: string) => void,
  onNote: (message: string) => void,
): Promise<Begun> {
  for (;;) {
    const id = randomBytes(8).toString("hex");
    const conversation = converse(host, beginCommand(id, args), onProgress);
    const result = await conversation.result;
    const last = lastActivation(conversation.facts);
    if (last) onNote(last);
    switch (result) {
      case "started":
        return { status: "started", id, conversation };
      case "unchanged":
        await conversation.done;
        return { status: "unchanged", conversation };
      case "busy": {
        const holder = await conversation.done;
        const adopted = holder && (await takeOver(host, holder, args, onProgress));
        if (adopted) return { status: "started", id: holder.id, conversation: adopted };
        break;
      }
      default:
        await conversation.done;
        throw notStarted(host, args, conversation, result);
    }
  }
}

/** What became of an activation whose deployer was gone before it could be told. */
function lastActivation(facts: ReadonlyMap<string, string>): string | undefined {
  const value = (key: string) => facts.get(`last.${key}`) ?? "";
  if (value("outcome") === "") return undefined;
  return `the activation of ${value("toplevel")} that ${value("owner")} began at ${value("since")} ended as ${value("outcome")}${value("reason") === "" ? "" : `: ${value("reason")}`}`;
}

function beginCommand(id: string, args: BeginArgs): string[] {
  return [
    "begin",
    id,
    args.toplevel,
    args.goal,
    oneLine(args.owner),
    String(args.confirmTimeoutS),
    String(args.activationTimeoutS),
    args.failedUnits,
    args.reboot,
    String(args.keepGenerations),
  ];
}

/** Goes on with what a killed deployer left behind, if it is the same; otherwise has it rolled back. */
async function takeOver(
  host: Host,
  holder: ActivationReport,
  args: BeginArgs,
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
  try {
    await conversation.done;
  } catch (error) {
    if (!holder.reboot) throw error;
    throw new ActivationError(
      `${host.name} goes back to ${holder.fallback?.toplevel ?? "its old system"} by a reboot, because ${holder.owner} left it with ${holder.toplevel} on trial. Run again when it is back.`,
      host.name,
      holder,
      { cause: error },
    );
  }
  return undefined;
}

function notStarted(
  host: Host,
  args: BeginArgs,
  conversation: Conversation,
  result: string | undefined,
): ActivationError {
  const why = whyNotStarted(args.toplevel, conversation, result);
  const Kind = result === "damaged" ? DamagedSystemError : ActivationError;
  return new Kind(`the activation did not begin on ${host.name}: ${why}`, host.name);
}

function whyNotStarted(
  toplevel: string,
  { remarks, facts }: Conversation,
  result: string | undefined,
): string {
  const said = remarks.map((line) => `\n    ${line}`).join("");
  switch (result) {
    case "no-toplevel":
      return `${toplevel} has no bin/switch-to-configuration there: it was not copied, or it is no NixOS system.`;
    case "other-architecture":
      return `the system is for ${facts.get("system")}, and the machine is ${facts.get("architecture")}. Give the machine its own \`system\`, or another host.`;
    case "damaged":
      return `the system there is not as it was sent:${said}${commandHint(said)}`;
    default:
      return `systemd-run could not start it:${said}${commandHint(said)}`;
  }
}

/** Text on one line, 200 characters at most. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 200);
}
