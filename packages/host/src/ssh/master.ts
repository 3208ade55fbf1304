import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { HostError } from "../errors.js";
import { explainConnection } from "../explain.js";
import { type ConnectionFiles, filesIn, knownHostsText, masterArguments } from "./arguments.js";
import { makePrivateDirectory, removePrivateDirectory } from "./private-directory.js";
import type { SshTarget } from "./target.js";

/** What the master's own session runs: tells who we are there, then lives as long as the deployer does. */
const READY = 'echo "firn-ready $(id -u)"; exec cat >/dev/null';

/** The ssh process that holds the one connection to a machine. */
export class Master {
  /** Resolves when the connection has ended, with what ssh said. */
  readonly ended: Promise<string>;
  /** Whether the connection has ended. */
  hasEnded = false;

  private constructor(
    private readonly process: ChildProcess,
    readonly files: ConnectionFiles,
    /** Numeric id of the user on the machine. */
    readonly uid: number,
    ended: Promise<string>,
  ) {
    this.ended = ended.then((stderr) => {
      this.hasEnded = true;
      removePrivateDirectory(files.directory);
      return stderr;
    });
  }

  /**
   * Opens the connection. The private key lies in a file only until the machine has accepted it.
   *
   * @throws a {@link HostError} that says why there is no connection.
   */
  static async open(target: SshTarget, connectTimeoutMs: number, signal?: AbortSignal): Promise<Master> {
    const files = filesIn(makePrivateDirectory());
    try {
      writeSecret(files.knownHosts, knownHostsText(target));
      if (target.identity !== undefined) writeSecret(files.identity, target.identity);
      if (target.via?.identity !== undefined) writeSecret(files.viaIdentity, target.via.identity);
      // Standard input stays open as long as this process lives: a killed deployer leaves no connection behind.
      const child = spawn("ssh", masterArguments(target, files, connectTimeoutMs, READY), { stdio: "pipe" });
      child.stdin.on("error", () => {});
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr = (stderr + chunk.toString("utf8")).slice(-16_384);
      });
      const ended = new Promise<string>((resolve) => {
        child.once("error", (error) => resolve(`ssh could not be started: ${error.message}`));
        child.once("close", () => resolve(stderr));
        // A jump host's ssh may hold on to standard error longer.
        child.once("exit", () => setTimeout(() => resolve(stderr), 300));
      });
      const uid = await ready(child, ended, target, connectTimeoutMs, signal);
      rmSync(files.identity, { force: true });
      rmSync(files.viaIdentity, { force: true });
      return new Master(child, files, uid, ended);
    } catch (error) {
      removePrivateDirectory(files.directory);
      throw error;
    }
  }

  /** Ends the connection and everything that runs over it. */
  async close(): Promise<void> {
    this.process.stdin?.end();
    const asked = setTimeout(() => this.process.kill("SIGTERM"), 300);
    // On a dead link ssh would first wait for its farewell to be taken.
    const forced = setTimeout(() => this.process.kill("SIGKILL"), 1500);
    await this.ended;
    clearTimeout(asked);
    clearTimeout(forced);
  }
}

function writeSecret(path: string, text: string): void {
  writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600, flag: "wx" });
}

/** Waits until the machine says who we are there. */
async function ready(
  child: ChildProcess,
  ended: Promise<string>,
  target: SshTarget,
  connectTimeoutMs: number,
  signal?: AbortSignal,
): Promise<number> {
  let onAbort = () => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      new Promise<number>((resolve) => {
        let said = "";
        child.stdout?.on("data", (chunk: Buffer) => {
          said = (said + chunk.toString("utf8")).slice(-4096);
          const uid = /firn-ready (\d+)\n/.exec(said)?.[1];
          if (uid !== undefined) resolve(Number(uid));
        });
      }),
      ended.then((stderr) => Promise.reject(explainConnection(target, stderr))),
      new Promise<never>((_resolve, reject) => {
        onAbort = () => reject(new HostError(`the connection to ${target.name} was cancelled`, target.name));
        if (signal?.aborted) onAbort();
        signal?.addEventListener("abort", onAbort, { once: true });
        // ssh's own limit ends before the login; a machine that hangs after it needs this one.
        timer = setTimeout(
          () => reject(explainConnection(target, "The login did not finish: timed out")),
          connectTimeoutMs * 2 + 5000,
        );
      }),
    ]);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
