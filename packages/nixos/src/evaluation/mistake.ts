import { NixValueError, type Path } from "@firn/nix";
import { FirnError } from "../errors.js";
import { SecretInConfigError } from "./secret-in-config.js";

/** A value in the arguments of a machine or network that no NixOS configuration can hold. */
export class ConfigMistake extends FirnError {
  constructor(
    /** Where the configuration stands in the arguments: `["config"]`, `["modules", 1]`. */
    readonly argument: Path,
    /** Option path inside it. */
    readonly path: Path,
    message: string,
  ) {
    super(message);
  }
}

/** Waits for what is made of one argument; what is wrong in it tells which argument it is. */
export async function inArgument<Result>(argument: Path, result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof NixValueError || error instanceof SecretInConfigError)
      throw new ConfigMistake(argument, error.path, error.message);
    throw error;
  }
}
