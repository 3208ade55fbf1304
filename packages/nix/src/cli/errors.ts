/** A Nix command could not be run or failed; `message` may be shown bare. */
export class NixCommandError extends Error {
  override readonly name: string = "NixCommandError";
  constructor(
    message: string,
    /** What the command wrote to standard error, whole. */
    readonly stderr: string = "",
  ) {
    super(message);
  }
}

/** There is no usable Nix on this computer. */
export class NixMissingError extends NixCommandError {
  override readonly name = "NixMissingError";
}

/** A command took more memory than it was allowed and was ended. */
export class NixMemoryError extends NixCommandError {
  override readonly name = "NixMemoryError";
}

/** Some derivations did not build; the others of the same request did. */
export class BuildError extends NixCommandError {
  override readonly name = "BuildError";
}

/** The last `count` non-empty lines of `text`, indented for a message. */
export function lastLines(text: string, count: number): string {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .map((line) => `    ${line}`)
    .join("\n");
}

/** What a failed command says it failed for: the last of its errors, without the trace before it; 20 lines at most. */
export function lastError(stderr: string): string {
  const error = stderr.split(/^\s*error:\s*/m).at(-1) ?? stderr;
  const lines = error
    .replace(/^\s*\(use '--show-trace'.*$/m, "")
    .trim()
    .split("\n");
  return lines.slice(0, 20).join("\n");
}
