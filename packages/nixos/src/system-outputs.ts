import { GOALS, type Goal } from "@firn/host";
import type { Manifest, SystemInputs } from "./system.js";

/** A system that a deployment has prepared and that does not run yet. */
export interface NextSystem {
  /** How far its deployment went: `build`, `copy`, `dry-activate` or `boot`. */
  readonly goal: Goal;
  readonly toplevel: string;
  readonly drvPath: string;
  readonly manifest: Manifest;
}

/** What the state says of a machine: what is true there, not what was asked for. */
export interface SystemOutputs extends SystemInputs {
  /** Store path of the NixOS system that runs, of which `drvPath` and `manifest` tell; `none` before the first one. */
  readonly toplevel: string;
  /** Store path of the system that the next boot takes. States of older versions have none: it is what runs. */
  readonly bootDefault?: string;
  readonly next?: NextSystem;
  /** Why a system takes effect with the next boot only, if one does: `kernel (linux-6.6.1 → linux-6.12.8)`. */
  readonly rebootPending?: readonly string[];
}

/** `toplevel` of a machine on which Firn has activated nothing. */
export const NO_SYSTEM = "none";

/** How far a deployment came. */
export interface Reached {
  readonly goal: Goal;
  /** What it found on the machine in the end, if it activated the system. */
  readonly activated?: {
    readonly running?: string;
    readonly bootDefault?: string;
    readonly rebootPending: readonly string[];
  };
}

/** Whether a machine is where a deployment with these inputs would bring it. */
export function isReached(olds: SystemOutputs, news: SystemInputs): boolean {
  const wanted = news.toplevel;
  const runs = olds.toplevel === wanted;
  const boots = (olds.bootDefault ?? olds.toplevel) === wanted;
  switch (news.goal) {
    case "test":
      return runs;
    case "boot":
      return boots;
    case "build":
    case "copy":
    case "dry-activate":
      return runs || (olds.next?.toplevel === wanted && rank(olds.next.goal) >= rank(news.goal));
    default:
      return runs && boots;
  }
}

function rank(goal: Goal): number {
  return GOALS.indexOf(goal);
}

/** Whether a goal goes beyond what lies on a machine unused. */
export function activates(goal: Goal): boolean {
  return rank(goal) > rank("dry-activate");
}

/**
 * The state after a deployment.
 *
 * @param sent keys as they were sent: a command may have printed another value than when the program was run
 */
export function outputsAfter(
  olds: SystemOutputs | undefined,
  news: SystemInputs,
  reached: Reached,
  sent?: SystemInputs["keys"],
): SystemOutputs {
  const { toplevel, drvPath, manifest } = news;
  const next: NextSystem = { goal: reached.goal, toplevel, drvPath, manifest };
  if (reached.goal === "build" && news.buildOn !== "target") {
    // Nobody has asked the machine: it is reached as before.
    return { ...(olds ?? outputsWithoutSystem(news)), next };
  }
  const before = {
    toplevel: olds?.toplevel ?? NO_SYSTEM,
    drvPath: olds?.drvPath ?? drvPath,
    manifest: olds?.manifest ?? manifest,
    ...(olds?.bootDefault === undefined ? {} : { bootDefault: olds.bootDefault }),
  };
  if (!reached.activated) return withKeys({ ...news, ...before, next }, olds?.keys);
  const { running = NO_SYSTEM, bootDefault = NO_SYSTEM, rebootPending } = reached.activated;
  const pending = rebootPending.length === 0 ? {} : { rebootPending };
  const now =
    running === toplevel ? {} : { ...before, toplevel: running, next: { ...next, goal: "boot" as const } };
  return withKeys({ ...news, ...now, bootDefault, ...pending }, sent);
}

/** The state of a machine that is not known to run a system of ours; it is reached by the key that it was made with. */
export function outputsWithoutSystem(news: SystemInputs): SystemOutputs {
  const { temporaryHostKey, hostKey } = news;
  return withKeys({ ...news, toplevel: NO_SYSTEM, hostKey: temporaryHostKey ?? hostKey }, undefined);
}

/** The state after nothing but keys was sent. */
export function outputsWithKeys(
  olds: SystemOutputs,
  news: SystemInputs,
  sent: SystemInputs["keys"],
): SystemOutputs {
  const { toplevel, drvPath, manifest, bootDefault, next, rebootPending } = olds;
  const kept = { toplevel, drvPath, manifest, bootDefault, next, rebootPending };
  const known = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  return withKeys({ ...news, ...known }, sent);
}

function withKeys(outputs: SystemOutputs, sent: SystemInputs["keys"]): SystemOutputs {
  const { keys: _, ...rest } = outputs;
  return sent === undefined || Object.keys(sent).length === 0 ? rest : { ...rest, keys: sent };
}

/** The state after the machine was asked what it runs. */
export function outputsSeen(
  props: SystemOutputs,
  seen: {
    readonly running?: string;
    readonly bootDefault?: string;
    readonly rebootPending: readonly string[];
  },
): SystemOutputs {
  const { next, rebootPending: _, ...rest } = props;
  // A machine on which nothing was activated may run anything.
  if (props.toplevel === NO_SYSTEM && seen.running !== next?.toplevel) return props;
  const arrived = next !== undefined && seen.running === next.toplevel;
  return {
    ...rest,
    toplevel: seen.running ?? NO_SYSTEM,
    bootDefault: seen.bootDefault ?? NO_SYSTEM,
    ...(arrived ? { drvPath: next.drvPath, manifest: next.manifest } : {}),
    ...(next === undefined || arrived ? {} : { next }),
    ...(seen.rebootPending.length === 0 ? {} : { rebootPending: seen.rebootPending }),
  };
}
