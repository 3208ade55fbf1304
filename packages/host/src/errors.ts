/** Something failed on a machine or on the way to it; `message` may be shown bare. */
export class HostError extends Error {
  override readonly name: string = "HostError";
  constructor(
    message: string,
    /** The machine's name. */
    readonly machine: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The machine does not answer, or the connection to it was lost. */
export class UnreachableError extends HostError {
  override readonly name = "UnreachableError";
}

/** The machine, or a jump host, answered with another host key than the pinned one; nothing was sent to it. */
export class HostKeyMismatchError extends HostError {
  override readonly name = "HostKeyMismatchError";
  constructor(
    message: string,
    machine: string,
    /** Fingerprint of the key that the machine itself offered, `SHA256:…`; undefined for jump hosts, and when ssh showed none. */
    readonly offered?: string,
  ) {
    super(message, machine);
  }
}

/** The machine, or a jump host, refused the deployer's key. */
export class AuthenticationError extends HostError {
  override readonly name = "AuthenticationError";
}

/** The connection's user could not become root: sudo or doas is missing, refuses, or wants another password. */
export class PrivilegeError extends HostError {
  override readonly name = "PrivilegeError";
}

/** A command on the machine ended with an exit code other than 0, or took too long. */
export class CommandError extends HostError {
  override readonly name: string = "CommandError";
  constructor(
    message: string,
    machine: string,
    readonly exitCode: number,
    /** What the command wrote to standard error, whole. */
    readonly stderr: string,
  ) {
    super(message, machine);
  }
}

/** The machine's disk is full. */
export class DiskFullError extends CommandError {
  override readonly name = "DiskFullError";
}

/** Another deployment holds the machine. */
export class LockedError extends HostError {
  override readonly name = "LockedError";
  constructor(
    message: string,
    machine: string,
    /** Who holds it, as that deployer called itself. */
    readonly owner: string,
    /** Since when, by the machine's clock: `2026-11-24T03:13:00Z`. */
    readonly since: string,
  ) {
    super(message, machine);
  }
}

/** The last `count` non-empty lines of `text`, indented for a message; empty when there are none. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(-count)
    .map((line) => `\n    ${line.trimEnd()}`)
    .join("");
}
