import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { HostError } from "../errors.js";
import { explainConnection } from "../explain.js";
import { ALIAS, masterArguments } from "./arguments.js";
import { configurationText } from "./configuration.js";
import { type ConnectionFiles, filesIn } from "./files.js";
import { hostKeyAlias, knownHostsLine, parseHostKey } from "./host-key.js";
import { makePrivateDirectory, removePrivateDirectory } from "./private-directory.js";
import { hopsOf, hostName, type SshTarget } from "./target.js";

/** What the master's own session runs: tells who we are there, then lives as long as the deployer does. */
const READY = 'echo "firn-ready $(id -u) $(id -un)"; exec cat >/dev/null';

/** Who the connection's user is on the machine. */
interface User {
  /** Numeric id. */
  readonly uid: number;
  readonly name: string;
}

/** What ssh said: about the machine, and about its jump hosts. */
interface LastWords {
  readonly stderr: string;
  readonly logs: readonly string[];
}

/** The ssh process that holds the one connection to a machine. */
export class Master {
  /** Resolves when the connection has ended. */
  readonly ended: Promise<LastWords>;
  /** Whether the connection has ended. */
  hasEnded = false;

  private constructor(
    private readonly target: SshTarget,
    private readonly process: ChildProcess,
    readonly files: ConnectionFiles,
    /** The user on the machine. */
    readonly user: User,
    ended: Promise<LastWords>,
  ) {
    this.ended = ended.then((words) => {
      this.hasEnded = true;
      removePrivateDirectory(files.directory);
      return words;
    });
  }

  /**
   * Opens the connection. Private keys lie in files only until the machine has accepted them.
   *
   * @throws a {@link HostError} that says why there is no connection.
   */
  static async open(target: SshTarget, connectTimeoutMs: number, signal?: AbortSignal): Promise<Master> {
    const files = filesIn(makePrivateDirectory(), hopsOf(target).length);
    try {
      writeFiles(target, files);
      // Standard input stays open as long as this process lives: a killed deployer leaves no connection behind.
      const child = spawn("ssh", masterArguments(target, files, connectTimeoutMs, READY), { stdio: "pipe" });
      child.stdin.on("error", () => {});
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr = (stderr + chunk.toString("utf8")).slice(-16_384);
      });
      const ended = new Promise<LastWords>((resolve) => {
        const words = (text: string) => resolve({ stderr: text, logs: readLogs(files) });
        child.once("error", (error) => words(`ssh could not be started: ${error.message}`));
        child.once("close", () => words(stderr));
        // A jump host's ssh may hold on to standard error longer.
        child.once("exit", () => setTimeout(() => words(stderr), 300));
      });
      const user = await ready(child, ended, target, connectTimeoutMs, signal);
      removeKeys(files);
      return new Master(target, child, files, user, ended);
    } catch (error) {
      removePrivateDirectory(files.directory);
      throw error;
    }
  }

  /** The error that says that the connection is lost, and why as far as ssh knows. */
  async lost(): Promise<HostError> {
    const { stderr, logs } = this.hasEnded ? await this.ended : { stderr: "", logs: [] };
    return explainConnection(this.target, stderr.trim() === "" ? "The connection was lost" : stderr, logs);
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

/** Writes what ssh needs to know of each host: its key, and ours. */
function writeFiles(target: SshTarget, files: ConnectionFiles): void {
  for (const [index, hop] of hopsOf(target).entries()) {
    const own = files.hops[index];
    if (!own) continue;
    const key = parseHostKey(hop.hostKey);
    writePrivately(own.knownHosts, knownHostsLine(key, hostKeyAlias(key, ALIAS, hostName(hop.address))));
    writePrivately(own.configuration, configurationText());
    if (hop.identity !== undefined) writePrivately(own.identity, hop.identity);
    if (hop.certificate !== undefined) writePrivately(own.certificate, hop.certificate);
  }
}

function writePrivately(path: string, text: string): void {
  writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600, flag: "wx" });
}

function removeKeys(files: ConnectionFiles): void {
  for (const { identity, certificate, configuration } of files.hops)
    for (const file of [identity, certificate, configuration]) rmSync(file, { force: true });
}

function readLogs(files: ConnectionFiles): string[] {
  return files.hops.slice(1).map(({ log }) => {
    try {
      return readFileSync(log, "utf8").slice(-16_384);
    } catch {
      return "";
    }
  });
}

/** Waits until the machine says who we are there. */
async function ready(
  child: ChildProcess,
  ended: Promise<LastWords>,
  target: SshTarget,
  connectTimeoutMs: number,
  signal?: AbortSignal,
): Promise<User> {
  let onAbort = () => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      new Promise<User>((resolve) => {
        let said = "";
        child.stdout?.on("data", (chunk: Buffer) => {
          said = (said + chunk.toString("utf8")).slice(-4096);
          const [, uid, name] = /firn-ready (\d+) (\S*)\n/.exec(said) ?? [];
          if (uid !== undefined && name !== undefined) resolve({ uid: Number(uid), name });
        });
      }),
      ended.then(({ stderr, logs }) => Promise.reject(explainConnection(target, stderr, logs))),
      new Promise<never>((_resolve, reject) => {
        onAbort = () => reject(new HostError(`the connection to ${target.name} was cancelled`, target.name));
        if (signal?.aborted) onAbort();
        signal?.addEventListener("abort", onAbort, { once: true });
        // ssh's own limit ends before the login; a machine that hangs after it needs this one.
        timer = setTimeout(
          () => reject(explainConnection(target, "The login did not finish: timed out")),
          connectTimeoutMs * (hopsOf(target).length + 1) + 5000,
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
