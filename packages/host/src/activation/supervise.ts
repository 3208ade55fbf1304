import { setTimeout as sleep } from "node:timers/promises";
import { HostKeyMismatchError, UnreachableError } from "../errors.js";
import { HealthCheckError } from "../health/health-check-error.js";
import type { Host } from "../host.js";
import { currentState, type HostState } from "../state.js";
import { ActivationError, lostFromSight } from "./activation-error.js";
import { oneLine } from "./begin.js";
import { type Conversation, converse } from "./conversation.js";
import { type ActivationReport, reportOf } from "./report.js";

export interface SupervisionOptions {
  readonly id: string;
  readonly machine: string;
  readonly confirmTimeoutS: number;
  readonly rebootTimeoutS: number;
  readonly reconnect: () => Promise<Host>;
  /** The boot in which it began; undefined where nothing reboots the machine. */
  readonly bootId: string | undefined;
  readonly afterBoot?: (fresh: Host) => Promise<void>;
  readonly beforeConfirm?: (fresh: Host) => Promise<void>;
  readonly onOutput: (line: string) => void;
  readonly onProgress: (message: string) => void;
}

export interface Supervised {
  readonly report: ActivationReport;
  readonly output: readonly string[];
  /** Why the deployer did not confirm: a failed check, or the last failure to connect. */
  readonly cause?: unknown;
  /** Whether the first connection has told the end, too, and so still holds. */
  readonly connected: boolean;
}

/** How long to go on trying to hear of a machine after it must have rolled back. */
const GRACE_MS = 120_000;

/**
 * Takes a running activation to its end: waits, connects afresh, has the checks made, confirms or rejects. Goes on
 * over a new connection when one is lost.
 *
 * @throws {@link ActivationError} when the machine cannot be asked what became of it.
 */
export async function supervise(watcher: Conversation, options: SupervisionOptions): Promise<Supervised> {
  await watcher.settled;
  const supervision = new Supervision(watcher, options);
  try {
    for (let pause = 0; ; pause = 1000) {
      await sleep(pause);
      const report = (await supervision.reportOfWatcher()) ?? (await supervision.attend());
      if (report) {
        const connected = (await supervision.reportOfWatcher()) !== undefined;
        return { report, output: supervision.output, cause: supervision.causeOf(report), connected };
      }
      supervision.giveUpWhenLost();
    }
  } finally {
    watcher.leave();
  }
}

class Supervision {
  private cause: unknown;
  private readonly lines: string[] = [];
  private checked = false;
  private rejected = false;
  private lastFailure: unknown;
  private reason = "a check failed";
  private lost = false;
  private lastContact = Date.now();
  /** The boot in which `afterBoot` was called. */
  private greeted: string | undefined;
  private linesBytes = 0;
  /** The machine's latest report before it went down for a reboot. */
  private beforeReboot: ActivationReport | undefined;

  constructor(
    private readonly watcher: Conversation,
    private readonly options: SupervisionOptions,
  ) {
    watcher.done.catch(() => {
      this.lost = true;
    });
  }

  get output(): readonly string[] {
    return [...this.watcher.output, ...this.lines];
  }

  /** A failure to connect explains what became of it where that was not to be expected: not during a reboot. */
  causeOf(report: ActivationReport): unknown {
    const unconfirmed = report.reason?.startsWith("no confirmation") === true;
    return this.cause ?? (this.beforeReboot === undefined || unconfirmed ? this.lastFailure : undefined);
  }

  /** What the first connection has to say, if it has come to the end already. */
  reportOfWatcher(): Promise<ActivationReport | undefined> {
    const unknown = sleep(0).then(() => undefined);
    return Promise.race([this.watcher.done, unknown]).catch(() => undefined);
  }

  /** One attempt over a fresh connection. */
  async attend(): Promise<ActivationReport | undefined> {
    this.noteReboot(this.watcher);
    const fresh = await this.connectOrFinish();
    if (fresh === undefined) return undefined;
    this.lastContact = Date.now();
    try {
      await this.greet(fresh);
    } catch (error) {
      this.failed(error);
      await fresh.close();
      return undefined;
    }
    const seen = this.lost ? String(this.watcher.outputBytes + this.linesBytes) : "none";
    const conversation = converse(
      fresh,
      ["follow", this.options.id, seen, "confirmer"],
      this.options.onOutput,
    );
    try {
      if ((await conversation.settled) === "waiting") await this.decide(fresh, conversation);
      const report = await conversation.done;
      if (report === undefined) throw forgotten(this.options.machine, await currentState(fresh));
      if (!this.lost) await Promise.race([this.watcher.done.catch(() => {}), sleep(2000)]);
      return report;
    } catch (error) {
      if (error instanceof ActivationError) throw error;
      this.failed(error);
      return undefined;
    } finally {
      this.lastContact = Date.now();
      this.noteReboot(conversation);
      this.lines.push(...conversation.output);
      this.linesBytes += conversation.outputBytes;
      conversation.leave();
      await fresh.close();
    }
  }

  /** What a boot has cleared is brought back before anything waits for it. */
  private async greet(fresh: Host): Promise<void> {
    if (this.options.bootId === undefined) return;
    const { bootId } = await currentState(fresh);
    if (bootId === this.options.bootId || bootId === this.greeted) return;
    // A machine may be gone before its last words have arrived.
    this.rebootSeen(this.watcher);
    await this.options.afterBoot?.(fresh);
    this.greeted = bootId;
  }

  private async decide(fresh: Host, conversation: Conversation): Promise<void> {
    if (!this.checked && !this.rejected) {
      try {
        this.options.onProgress("checking over a fresh connection");
        await this.options.beforeConfirm?.(fresh);
        this.checked = true;
      } catch (error) {
        // A connection that broke while checking says nothing about the check.
        if (await isLost(conversation)) throw error;
        this.cause = error;
        this.rejected = true;
        if (error instanceof HealthCheckError) this.reason = error.reason;
      }
    }
    conversation.say(this.rejected ? `reject ${oneLine(this.reason)}` : "confirm");
  }

  /** A fresh connection, or nothing when the activation finished first or none could be made. */
  private async connectOrFinish(): Promise<Host | undefined> {
    const connecting = this.options.reconnect();
    const finished = this.watcher.done.then(
      () => undefined,
      () => new Promise<undefined>(() => {}),
    );
    try {
      const first = await Promise.race([connecting, finished]);
      if (first === undefined) connecting.then((host) => host.close()).catch(() => {});
      return first;
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** The last failure is told, but that a machine answered with a wrong key tells more than that it then was silent. */
  private failed(error: unknown): void {
    if (this.lastFailure instanceof HostKeyMismatchError && error instanceof UnreachableError) return;
    this.lastFailure = error;
  }

  giveUpWhenLost(): void {
    this.noteReboot(this.watcher);
    if (!this.lost) this.lastContact = Date.now();
    const { machine, confirmTimeoutS, rebootTimeoutS } = this.options;
    const patienceMs = this.beforeReboot ? rebootTimeoutS * 1000 : confirmTimeoutS * 1000 + GRACE_MS;
    if (Date.now() - this.lastContact < patienceMs) return;
    throw lostFromSight(machine, this.beforeReboot, this.cause ?? this.lastFailure, this.options);
  }

  private noteReboot(conversation: Conversation): void {
    if (conversation.facts.get("phase") === "rebooting") this.rebootSeen(conversation);
  }

  private rebootSeen(conversation: Conversation): void {
    if (!this.beforeReboot) this.options.onProgress("rebooting");
    this.beforeReboot = reportOf(conversation.facts);
  }
}

/** What is recorded lies in memory: a machine that does not know its activation any more has booted since. */
function forgotten(machine: string, state: HostState): ActivationError {
  return new ActivationError(
    `${machine} was rebooted during its activation. It runs ${state.currentSystem ?? "no NixOS system"} now. Run again to go on.`,
    machine,
  );
}

async function isLost(conversation: Conversation): Promise<boolean> {
  const still = sleep(500).then(() => false);
  return Promise.race([
    conversation.done.then(
      () => false,
      () => true,
    ),
    still,
  ]);
}
