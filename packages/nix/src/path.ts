import { NixSyntaxError, used } from "./errors.js";
import { toProxy } from "./proxy.js";
import type { NixProxy } from "./proxy-types.js";

/**
 * A Nix path: a file or directory, relative to the project root unless it starts with `/`. Any name works, spaces and
 * non-ASCII letters included. Used as a value it enters the Nix store.
 *
 * @throws {@link NixSyntaxError} for an empty path, `~/…` or a NUL character
 */
export function path(text: string): NixProxy {
  return used(() => {
    if (text === "" || text.includes("\0"))
      throw new NixSyntaxError(`${JSON.stringify(text)} is not a path.`);
    if (/^~(\/|$)/.test(text))
      throw new NixSyntaxError(
        `path(${JSON.stringify(text)}): Nix does not see the home directory; use a file of the project.`,
      );
    return toProxy({ kind: "path", path: text });
  });
}
