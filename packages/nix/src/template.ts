import { codeTokens } from "./code-tokens.js";
import { NixSyntaxError, used } from "./errors.js";
import { toProxy } from "./proxy.js";
import type { NixProxy } from "./proxy-types.js";
import { HOLE } from "./tokens.js";
import { traceArgument } from "./trace.js";

/**
 * A Nix expression, written in Nix: ``nix`pkgs.callPackage ./shop.nix { port = ${80}; }` ``. A hole takes a plain value, an
 * expression, a JavaScript function (it becomes a lambda) or a foreign value that is replaced later, and stands for that
 * one value wherever it is, also inside a Nix string. Relative paths are relative to the project root.
 * Called with a string, the string is the Nix text.
 *
 * @throws {@link NixSyntaxError} when brackets or quotes do not match
 */
export function nix(text: string): NixProxy;
export function nix(texts: TemplateStringsArray, ...holes: unknown[]): NixProxy;
export function nix(texts: TemplateStringsArray | string, ...holes: unknown[]): NixProxy {
  return used(() => code(texts, holes));
}

function code(texts: TemplateStringsArray | string, holes: readonly unknown[]): NixProxy {
  const parts = typeof texts === "string" ? [texts] : cooked(texts, "nix");
  if (parts.some((part) => part.includes(HOLE)))
    throw new NixSyntaxError("Nix text cannot hold a NUL character.");
  if (parts.some((part) => /\p{Surrogate}/u.test(part)))
    throw new NixSyntaxError("Nix text is UTF-8 and cannot hold half of a surrogate pair.");
  const tokens = codeTokens(parts);
  if (tokens.every((token) => token.kind === "space" || token.context === "comment"))
    throw new NixSyntaxError("nix`` is empty; it has to hold one Nix expression.");
  return toProxy({ kind: "code", texts: parts, holes: holes.map(traceArgument) });
}

/**
 * A Nix string: ``str`${pkgs.hello}/bin/hello --port ${80}` ``. Strings and numbers are inserted as text, expressions are
 * interpolated by Nix, foreign values are replaced later. All other text stands for itself, `${` and `''` included.
 */
export function str(texts: TemplateStringsArray, ...holes: unknown[]): NixProxy {
  return used(() => toProxy({ kind: "string", texts: cooked(texts, "str"), holes }));
}

function cooked(texts: TemplateStringsArray, tag: string): string[] {
  return Array.from(texts, (text: string | undefined, index) => {
    if (text === undefined)
      throw new NixSyntaxError(
        `${tag}\`…\` has an invalid escape sequence in ${JSON.stringify(texts.raw[index])}: write \\\\ for a backslash.`,
      );
    return text;
  });
}
