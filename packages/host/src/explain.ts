import {
  AuthenticationError,
  CommandError,
  DiskFullError,
  type HostError,
  lastLines,
  UnreachableError,
} from "./errors.js";
import { commandHint, connectionHint } from "./hints.js";
import { quote } from "./quote.js";
import { describeHop } from "./ssh/hops.js";
import { isHostKeyFailure, mismatchError } from "./ssh/mismatch.js";
import { hopsOf, type JumpHost, type SshTarget } from "./ssh/target.js";

/**
 * The error for a connection that was not made or was lost.
 *
 * @param stderr what ssh said about the machine itself
 * @param logs what ssh said about its jump hosts, the nearest to the machine first
 */
export function explainConnection(
  target: SshTarget,
  stderr: string,
  logs: readonly string[] = [],
): HostError {
  const hops = hopsOf(target);
  const said = [stderr, ...logs];
  // A hop's failure ends all connections through it: the one nearest to this computer is the cause.
  const culprit = Math.max(0, said.findLastIndex(isFailure));
  const text = said[culprit] ?? "";
  const blocked = /^channel \d+: open failed: ([^\n]*)/m.exec(text)?.[1];
  if (blocked !== undefined && culprit > 0) return notForwarded(target, hops, culprit, blocked);
  if (isHostKeyFailure(text)) return mismatchError(hops, culprit, text);
  const hop = hops[culprit] as JumpHost;
  const where =
    culprit === 0 ? `${target.name} at ${place(hop)}` : `${target.name}: ${describeHop(hops, culprit)}`;
  const told = lastLines(withoutChatter(text), 3);
  if (/Permission denied|Too many authentication failures/.test(text)) {
    const credentials =
      hop.identity === undefined
        ? "what your ssh agent and configuration offer"
        : `the key for user ${hop.user ?? "root"}`;
    return new AuthenticationError(
      `${where} refused ${credentials}:${told}${connectionHint(text)}`,
      target.name,
    );
  }
  const through = culprit < hops.length - 1 ? ` through ${describeHop(hops, culprit + 1)}` : "";
  return new UnreachableError(
    `${where} cannot be reached${through}:${told || "\n    the connection closed without a word"}${connectionHint(text)}`,
    target.name,
  );
}

const FAILURES =
  /Permission denied|Too many authentication failures|open failed:|Could not resolve|connect to host|Connection (closed|reset|refused|timed out)|kex_exchange|timed out|not responding|Broken pipe/;

function isFailure(text: string): boolean {
  return isHostKeyFailure(text) || FAILURES.test(text);
}

/** The jump host let us in, but cannot or may not reach what lies behind it. */
function notForwarded(
  target: SshTarget,
  hops: readonly JumpHost[],
  culprit: number,
  reason: string,
): UnreachableError {
  const behind =
    culprit === 1
      ? `${target.name} at ${place(hops[0] as JumpHost)}`
      : `${target.name}: ${describeHop(hops, culprit - 1)}`;
  return new UnreachableError(
    `${behind} cannot be reached from ${describeHop(hops, culprit)}:\n    ${reason}${connectionHint(`open failed: ${reason}`)}`,
    target.name,
  );
}

function place({ address, port }: JumpHost): string {
  return `${address}${port ? ` port ${port}` : ""}`;
}

/** What ssh adds about a connection through another one says nothing about the cause. */
function withoutChatter(text: string): string {
  return text.replace(
    /^(Connection closed by UNKNOWN port \d+|Connection to UNKNOWN port \d+ timed out|Warning: Permanently added [^\n]*)\r?$/gm,
    "",
  );
}

export interface FailedCommand {
  readonly machine: string;
  readonly argv: readonly string[];
  readonly title?: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOutAfterMs?: number;
}

/** The error for a command that ran and failed. */
export function explainCommand(failed: FailedCommand): CommandError {
  const line = quote(failed.argv);
  const command = failed.title ?? `\`${line.length > 160 ? `${line.slice(0, 160)}…` : line}\``;
  const output = failed.stderr.trim() === "" ? failed.stdout : failed.stderr;
  const how =
    failed.timedOutAfterMs === undefined
      ? `exited with ${failed.exitCode}`
      : `took longer than ${failed.timedOutAfterMs / 1000} s and was ended`;
  const message = `${command} ${how} on ${failed.machine}${output.trim() === "" ? "" : ":"}${lastLines(output, 10)}${commandHint(output)}`;
  const Kind = /No space left on device|database or disk is full/.test(output) ? DiskFullError : CommandError;
  return new Kind(message, failed.machine, failed.exitCode, failed.stderr);
}
