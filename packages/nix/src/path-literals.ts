import { posix } from "node:path";
import { lex } from "./lexer.js";
import { escapeQuoted } from "./print/quote-string.js";
import type { Token } from "./tokens.js";

/** `relative` is `./x`, `../x` or `x/y`; `search` is `<nixpkgs>`. */
export type PathLiteralKind = "relative" | "absolute" | "home" | "search";

/** A path literal in Nix text, with its interpolations; `start` and `end` are offsets. */
export interface PathLiteral {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly kind: PathLiteralKind;
}

/** All path literals of a Nix text, in order; not what looks like one inside strings, comments and URLs. */
export function pathLiterals(source: string): PathLiteral[] {
  const tokens = lex(source);
  return tokens.flatMap((token, index): PathLiteral[] => {
    if (!isPathStart(token)) return [];
    const { end } = tokens[pathEnd(tokens, index)] as Token;
    return [{ start: token.start, end, text: source.slice(token.start, end), kind: literalKind(token.text) }];
  });
}

/** Whether a token starts a path literal. */
export function isPathStart(token: Token): boolean {
  return token.kind === "path" && token.context === "code";
}

/** Index of the last token of a path literal, where `${ }` may hold anything. */
export function pathEnd(tokens: readonly Token[], start: number): number {
  let end = start;
  let depth = 0;
  for (let index = start + 1; index < tokens.length; index++) {
    const { kind, context, text } = tokens[index] as Token;
    if (depth === 0 && context !== "path") break;
    if (kind === "interpolation") depth += text === "${" ? 1 : -1;
    end = index;
  }
  return end;
}

function literalKind(text: string): PathLiteralKind {
  if (text.startsWith("<")) return "search";
  if (text.startsWith("~")) return "home";
  return text.startsWith("/") ? "absolute" : "relative";
}

/**
 * Rewrites the relative path literals of a Nix text, so that it means the same in another directory.
 *
 * @param from directory that the text was written for, absolute or relative to the same root as `to`
 * @param to directory that the text moves to
 */
export function rebasePaths(source: string, from: string, to: string): string {
  const prefix = posix.relative(to, from) || ".";
  return rebaseTokens(lex(source), prefix)
    .map((token) => token.text)
    .join("");
}

/** The tokens, with every relative path literal led by `prefix`, a path without a slash at its end. */
export function rebaseTokens(tokens: readonly Token[], prefix: string): Token[] {
  if (prefix === ".") return [...tokens];
  const rebased = [...tokens];
  const replace = (index: number, change: (text: string) => string) => {
    const token = rebased[index] as Token;
    rebased[index] = { ...token, text: change(token.text) };
  };
  const isLiteral = /^[a-zA-Z0-9._+/-]+$/.test(prefix);
  tokens.forEach((token, index) => {
    if (!isPathStart(token) || literalKind(token.text) !== "relative") return;
    const bare = (text: string) => text.replace(/^(?:\.\/)+/, "");
    if (isLiteral) {
      replace(index, (text) => `${/^\.|\//.test(prefix) ? "" : "./"}${prefix}/${bare(text)}`);
    } else {
      // No literal can hold such a name, but a path and a string make one.
      const [root, way] = prefix.startsWith("/") ? ["/.", prefix] : ["./.", `/${prefix}`];
      replace(index, (text) => `(${root} + "${escapeQuoted(`${way}/`)}${bare(text)}`);
      replace(pathEnd(tokens, index), (text) => `${text}")`);
    }
  });
  return rebased;
}
