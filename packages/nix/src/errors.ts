import { type Path, showPath } from "./option-path.js";

/** A value in a configuration that Nix cannot hold, or that stands where it cannot stand. */
export class NixValueError extends Error {
  override readonly name = "NixValueError";

  constructor(
    /** Option path of the value. */
    readonly path: Path,
    /** What was found there, for example `undefined`. */
    readonly found: string,
    /** What to do about it: a sentence. */
    readonly advice: string,
  ) {
    super(`${showPath(path)} is ${found}. ${advice}`);
  }
}

/** A Nix expression was used as if it were a JavaScript value. */
export class NixMisuseError extends TypeError {
  override readonly name = "NixMisuseError";
}

/** Text given to nix`…` that cannot be a Nix expression, for example with an unbalanced bracket. */
export class NixSyntaxError extends SyntaxError {
  override readonly name = "NixSyntaxError";
}

let refine: (error: Error) => Error = (error) => error;

/**
 * Lets a framework tell more of errors that a program's own use of Nix expressions raises, where it raises them: `by` gets
 * the error and gives what is thrown.
 */
export function refineUseErrors(by: (error: Error) => Error): void {
  refine = by;
}

/** What is thrown for an error of the program's own use of Nix expressions. */
export function refined(error: unknown): unknown {
  return error instanceof NixMisuseError || error instanceof NixSyntaxError ? refine(error) : error;
}

/** Runs what a program called; its errors are refined. */
export function used<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw refined(error);
  }
}
