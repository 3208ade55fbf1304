import type { RollingGroup, SystemInputs } from "../system.js";
import { activates } from "../system-outputs.js";

/** A machine's place in the rolling updates that it is part of. */
export interface Turn {
  /**
   * Waits until it is this machine's turn to be activated.
   *
   * @throws an error that says at which machine the update was stopped
   */
  begin(): Promise<void>;
  /** Says how it went; returns what to add to the machine's error where the update stops with it. */
  end(error?: unknown): string;
}

type State = "coming" | "waiting" | "running";

interface Entry {
  readonly machine: string;
  readonly groups: ReadonlyMap<string, RollingGroup>;
  state: State;
  start(): void;
  refuse(error: Error): void;
}

interface Failure {
  readonly machine: string;
  readonly reason: string;
}

/**
 * Lets the machines of a group be activated a few at a time, in the order in which they were declared, and none any more
 * once as many as the group allows have failed. It knows the machines that the engine has asked for, in one process for
 * all of a run, and waits for no other: so it is right with any `--parallel` and `--target`.
 */
export class RollingUpdates {
  private readonly entries = new Set<Entry>();
  private readonly failures = new Map<string, Failure[]>();

  /**
   * Announces a machine whose deployment begins.
   *
   * @throws an error if an update that it is part of has been stopped
   */
  announce(inputs: Pick<SystemInputs, "machine" | "network" | "goal" | "rolling">): Turn {
    const groups = new Map(
      (activates(inputs.goal) ? (inputs.rolling ?? []) : []).map((group) => [
        `${inputs.network} ${group.tag}`,
        group,
      ]),
    );
    const stopped = this.stopped(groups);
    if (stopped) throw stopped;
    const entry: Entry = { machine: inputs.machine, groups, state: "coming", start() {}, refuse() {} };
    this.entries.add(entry);
    return {
      begin: () =>
        new Promise((resolve, reject) => {
          entry.start = resolve;
          entry.refuse = reject;
          entry.state = "waiting";
          this.pump();
        }),
      end: (error) => {
        this.entries.delete(entry);
        const stops = error === undefined || isStop(error) ? [] : this.fail(entry, error);
        this.pump();
        return stops
          .map(
            (tag) =>
              `\n  The rolling update of "${tag}" stops here: machines that it has not come to keep what they run, and the next \`pulumi up\` goes on with them.`,
          )
          .join("");
      },
    };
  }

  private fail({ machine, groups }: Entry, error: unknown): string[] {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
    const stops: string[] = [];
    for (const [key, { tag, stopAfter }] of groups) {
      const failures = [...(this.failures.get(key) ?? []), { machine, reason }];
      this.failures.set(key, failures);
      if (failures.length === stopAfter) stops.push(tag);
    }
    return stops;
  }

  private stopped(groups: Entry["groups"]): StoppedError | undefined {
    for (const [key, { tag, stopAfter }] of groups) {
      const failures = this.failures.get(key) ?? [];
      const last = failures.at(-1);
      if (last && failures.length >= stopAfter) return new StoppedError(tag, failures);
    }
    return undefined;
  }

  private pump(): void {
    for (const entry of [...this.entries]) {
      if (entry.state !== "waiting") continue;
      const stopped = this.stopped(entry.groups);
      if (stopped) {
        this.entries.delete(entry);
        entry.refuse(stopped);
      } else if (this.mayRun(entry)) {
        entry.state = "running";
        entry.start();
      }
    }
  }

  private mayRun(entry: Entry): boolean {
    for (const [key, { place, maxParallel }] of entry.groups) {
      const others = [...this.entries].filter((other) => other !== entry && other.groups.has(key));
      if (others.filter((other) => other.state === "running").length >= maxParallel) return false;
      // Who was declared earlier goes first, also if it is still being copied to.
      if (others.some((other) => other.state !== "running" && (other.groups.get(key)?.place ?? 0) < place))
        return false;
    }
    return true;
  }
}

/** Phases give errors their names. */
function isStop(error: unknown): boolean {
  return error instanceof StoppedError || (error instanceof Error && error.cause instanceof StoppedError);
}

/** A machine was left alone because others of its group had failed. */
class StoppedError extends Error {
  constructor(tag: string, failures: readonly Failure[]) {
    const who = failures
      .map(({ machine, reason }) => `${machine} (${reason.replace(/^machine "[^"]*", /, "")})`)
      .join("; ");
    super(
      `not deployed: the rolling update of "${tag}" stopped after ${who}. It keeps what it runs; the next \`pulumi up\` goes on.`,
    );
  }
}
