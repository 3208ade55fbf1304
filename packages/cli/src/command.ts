/** Where a command writes: lines for people or programs, and errors. */
export interface Terminal {
  out(line: string): void;
  error(line: string): void;
}

/** One verb of the command line. */
export interface Command {
  /** Arguments, as usage shows them. */
  readonly usage: string;
  /** One sentence. */
  readonly summary: string;
  /** @returns nothing; @throws {@link UsageError} or any error whose message may be shown bare */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}

/** The arguments of a command are wrong; its usage is shown. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
