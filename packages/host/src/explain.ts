import {
  AuthenticationError,
  CommandError,
  DiskFullError,
  type HostError,
  lastLines,
  UnreachableError,
} from "./errors.js";
import { hintFor } from "./hints.js";
import { quote } from "./quote.js";
import { isHostKeyFailure, mismatchError } from "./ssh/mismatch.js";
import type { SshTarget } from "./ssh/target.js";

/** The error that ssh's standard error tells of, for a connection that was not made or was lost. */
export function explainConnection(target: SshTarget, stderr: string): HostError {
  if (isHostKeyFailure(stderr)) return mismatchError(target, stderr);
  const where = `${target.name} at ${target.address}${target.port ? ` port ${target.port}` : ""}`;
  if (/Permission denied|Too many authentication failures/.test(stderr))
    return new AuthenticationError(
      `${where} refused the key for user ${target.user ?? "of the ssh configuration"}:${lastLines(stderr, 3)}${hintFor(stderr)}`,
      target.name,
    );
  const said = lastLines(stderr, 3) || "\n    the connection closed without a word";
  return new UnreachableError(`${where} cannot be reached:${said}${hintFor(stderr)}`, target.name);
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
  const message = `${command} ${how} on ${failed.machine}${output.trim() === "" ? "" : ":"}${lastLines(output, 10)}${hintFor(output)}`;
  const Kind = /No space left on device|database or disk is full/.test(output) ? DiskFullError : CommandError;
  return new Kind(message, failed.machine, failed.exitCode, failed.stderr);
}
