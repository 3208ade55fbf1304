import { HostError } from "../errors.js";
import { explainCommand, explainConnection } from "../explain.js";
import type { Host, RunOptions, RunResult } from "../host.js";
import { runProcess } from "../process.js";
import { sessionArguments } from "./arguments.js";
import { commandLine } from "./command-line.js";
import type { Master } from "./master.js";
import type { SshTarget } from "./target.js";

/** Exit code of the ssh program for failures of its own; a command may use it as well. */
const SSH_FAILED = 255;

/** A machine behind an open ssh connection. */
export class SshHost implements Host {
  readonly name: string;
  readonly address: string;

  constructor(
    private readonly target: SshTarget,
    private readonly master: Master,
  ) {
    this.name = target.name;
    this.address = target.address;
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    if (this.master.hasEnded) throw await this.lost();
    const command = commandLine(argv, options.privileged === true && this.master.uid !== 0);
    const result = await runProcess("ssh", sessionArguments(this.master.files, command), options);
    if (result.ended === "aborted")
      throw new HostError(`\`${argv[0]}\` on ${this.name} was cancelled`, this.name);
    if (result.exitCode === SSH_FAILED && (await this.isLost(result.stderr))) throw await this.lost();
    const timedOutAfterMs = result.ended === "timeout" ? options.timeoutMs : undefined;
    if (timedOutAfterMs !== undefined || (result.exitCode !== 0 && options.check !== false))
      throw explainCommand({ machine: this.name, argv, title: options.title, ...result, timedOutAfterMs });
    return result;
  }

  async close(): Promise<void> {
    await this.master.close();
  }

  /** Whether the connection is gone; the master notices within a moment of its sessions. */
  private async isLost(stderr: string): Promise<boolean> {
    if (/^mux_client|Control socket|Connection closed by UNKNOWN/m.test(stderr)) return true;
    await Promise.race([this.master.ended, new Promise((resolve) => setTimeout(resolve, 200))]);
    return this.master.hasEnded;
  }

  private async lost(): Promise<HostError> {
    const stderr = this.master.hasEnded ? await this.master.ended : "";
    return explainConnection(this.target, stderr.trim() === "" ? "The connection was lost" : stderr);
  }
}
