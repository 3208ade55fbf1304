import {
  NixCommandError,
  NixMisuseError,
  NixpkgsMissingError,
  NixSyntaxError,
  NixValueError,
  PinError,
} from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";

/** An error of the user's program or surroundings: its message is shown bare, without a stack. */
export class FirnError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    // Pulumi prints the stack of errors that arise after the program's last line, even of a RunError.
    Object.defineProperty(this, "stack", { value: undefined });
  }
}

const SHOWN_BARE = [
  NixCommandError,
  NixMisuseError,
  NixpkgsMissingError,
  NixSyntaxError,
  NixValueError,
  PinError,
];

/** Errors of `@firn/nix` as ones whose message is shown bare; all others, which are defects, as they are. */
export function shownBare(error: unknown): unknown {
  return SHOWN_BARE.some((kind) => error instanceof kind) ? new FirnError((error as Error).message) : error;
}
