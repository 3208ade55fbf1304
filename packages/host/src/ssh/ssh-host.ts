import type { Duplex } from "node:stream";
import { HostError } from "../errors.js";
import { explainCommand } from "../explain.js";
import { type Host, type RunOptions, type RunResult, relayCommand } from "../host.js";
import { explainPrivilege } from "../privilege/error.js";
import { runAsRoot, tryPassword } from "../privilege/run.js";
import { type ProcessResult, runProcess } from "../process.js";
import { openRelay } from "../relay.js";
import { sessionArguments } from "./arguments.js";
import { commandLine } from "./command-line.js";
import type { Master } from "./master.js";
import type { Privilege, SshTarget } from "./target.js";

/** Exit code of the ssh program for failures of its own; a command may use it as well. */
const SSH_FAILED = 255;

/** A machine behind an open ssh connection. */
export class SshHost implements Host {
  readonly name: string;
  readonly address: string;
  /** The one attempt at the password. */
  private password: Promise<void> | undefined;

  constructor(
    private readonly target: SshTarget,
    private readonly master: Master,
  ) {
    this.name = target.name;
    this.address = target.address;
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const result =
      options.privileged === true && this.master.user.uid !== 0
        ? await this.runPrivileged(argv, options)
        : await this.runLine(commandLine(argv), options);
    if (result.ended === "aborted")
      throw new HostError(`\`${argv[0]}\` on ${this.name} was cancelled`, this.name);
    const timedOutAfterMs = result.ended === "timeout" ? options.timeoutMs : undefined;
    if (timedOutAfterMs !== undefined || (result.exitCode !== 0 && options.check !== false))
      throw explainCommand({ machine: this.name, argv, title: options.title, ...result, timedOutAfterMs });
    return result;
  }

  async dial(address: string, port: number, signal: AbortSignal): Promise<Duplex> {
    if (this.master.hasEnded) throw await this.master.lost();
    const line = commandLine(relayCommand(address, port));
    return openRelay("ssh", sessionArguments(this.master.files, line), signal);
  }

  async close(): Promise<void> {
    await this.master.close();
  }

  private async runPrivileged(argv: readonly string[], options: RunOptions): Promise<ProcessResult> {
    const privilege = this.target.privilege ?? { method: "sudo" };
    const run = (line: string, lineOptions: RunOptions) => this.runLine(commandLine(line), lineOptions);
    if (privilege.method === "sudo" && privilege.password !== undefined) {
      this.password ??= tryPassword(run, privilege).then((tried) => {
        if (!tried.begun) throw this.notRoot(privilege, tried.stderr);
      });
      await this.password;
    }
    const { begun, ...result } = await runAsRoot(run, argv, privilege, options);
    if (!begun && result.ended === undefined && result.exitCode !== 0)
      throw this.notRoot(privilege, result.stderr);
    return result;
  }

  private notRoot(privilege: Privilege, stderr: string): HostError {
    return explainPrivilege(this.name, this.master.user.name, privilege, stderr);
  }

  private async runLine(line: string, options: RunOptions): Promise<ProcessResult> {
    if (this.master.hasEnded) throw await this.master.lost();
    const result = await runProcess("ssh", sessionArguments(this.master.files, line), options);
    if (result.exitCode === SSH_FAILED && result.ended === undefined && (await this.isLost(result.stderr)))
      throw await this.master.lost();
    return result;
  }

  /** Whether the connection is gone; the master notices within a moment of its sessions. */
  private async isLost(stderr: string): Promise<boolean> {
    if (/^mux_client|Control socket|Connection closed by UNKNOWN/m.test(stderr)) return true;
    await Promise.race([this.master.ended, new Promise((resolve) => setTimeout(resolve, 200))]);
    return this.master.hasEnded;
  }
}
