import type { Duplex, Readable } from "node:stream";
import { readScript } from "./scripts.js";

export interface RunOptions {
  /** What the command reads on standard input; without it, nothing. */
  readonly input?: string | Uint8Array | Readable;
  /** Ends the command after this many milliseconds with a {@link CommandError}. */
  readonly timeoutMs?: number;
  /** Whether a non-zero exit code throws a {@link CommandError}; default true. */
  readonly check?: boolean;
  /** Called for every line while the command runs. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** What the command is called in messages; without it, its own text. */
  readonly title?: string;
  /** Runs as root: through sudo or doas when the connection's user is another one. */
  readonly privileged?: boolean;
  /** Ends the command when it fires. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A machine on which commands can be run: the port that {@link connect} and {@link localHost} implement. */
export interface Host {
  /** The machine's name, for messages. */
  readonly name: string;
  /** Where it is, for messages: an address, or `this computer`. */
  readonly address: string;
  /**
   * Runs a command given as an argument array; no shell interprets it.
   *
   * @throws {@link CommandError} on a non-zero exit code unless `check` is false, {@link UnreachableError} when the
   * connection is lost, {@link PrivilegeError} when a privileged one was not started.
   */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /**
   * Opens a TCP connection that begins on the machine, to `localhost` or wherever it can reach.
   *
   * @throws an error with the machine's reason, or that of `signal`
   */
  dial(address: string, port: number, signal: AbortSignal): Promise<Duplex>;
  /** Ends the connection and whatever still runs over it. */
  close(): Promise<void>;
}

/** Commands are looked for here too: NixOS, a Nix installed on another system, and what needs root. */
export const EXTRA_PATH =
  "/run/wrappers/bin:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:/usr/local/sbin:/usr/sbin:/sbin";

/** A command that runs `scripts/relay.sh`, for {@link Host.dial}. */
export function relayCommand(address: string, port: number): string[] {
  return ["bash", "-c", readScript("relay.sh"), "bash", address, String(port)];
}
