import { isPathStart, pathEnd } from "../path-literals.js";
import type { Token } from "../tokens.js";
import { isIdentifier } from "./attribute-name.js";
import { ATOM, OPEN, SELECTION } from "./printed.js";

/** Tokens without spaces and comments. */
export function significant(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.kind !== "space" && token.context !== "comment");
}

/** How tightly Nix text holds together: an atom, a selection from one, or anything. */
export function codeLevel(tokens: readonly Token[]): number {
  const parts = significant(tokens);
  let end = simpleEnd(parts, 0);
  let level = parts[0]?.kind === "hole" ? SELECTION : ATOM;
  while (end !== undefined && parts[end + 1]?.text === ".") {
    end = attributeEnd(parts, end + 2);
    level = SELECTION;
  }
  return end === parts.length - 1 ? level : OPEN;
}

/** Index of the last token of the simple expression that starts at `start`. */
function simpleEnd(tokens: readonly Token[], start: number): number | undefined {
  const token = tokens[start];
  if (!token) return undefined;
  if (isPathStart(token)) return pathEnd(tokens, start);
  if (token.text === "rec" && tokens[start + 1]?.text === "{") return matchingEnd(tokens, start + 1);
  if (token.kind === "identifier") return isIdentifier(token.text) ? start : undefined;
  if (["number", "uri", "hole"].includes(token.kind)) return start;
  return isOpener(token) ? matchingEnd(tokens, start) : undefined;
}

function attributeEnd(tokens: readonly Token[], start: number): number | undefined {
  const token = tokens[start];
  if (!token) return undefined;
  if (token.kind === "identifier" || token.kind === "hole") return start;
  return isOpener(token) ? matchingEnd(tokens, start) : undefined;
}

function matchingEnd(tokens: readonly Token[], start: number): number {
  let depth = 0;
  let end = start;
  for (; end < tokens.length; end++) {
    const token = tokens[end] as Token;
    if (isOpener(token)) depth++;
    else if (isCloser(token)) depth--;
    if (depth === 0) break;
  }
  return end;
}

function isOpener(token: Token): boolean {
  if (token.kind === "quote") return token.context === "code";
  if (token.kind === "interpolation") return token.text === "${";
  return token.kind === "punctuation" && "([{".includes(token.text);
}

function isCloser(token: Token): boolean {
  if (token.kind === "quote") return token.context !== "code";
  if (token.kind === "interpolation") return token.text === "}";
  return token.kind === "punctuation" && ")]}".includes(token.text);
}

/** Whether the text's first line ends in an opening bracket, so that it reads well behind `name =`. */
export function hugsCode(tokens: readonly Token[]): boolean {
  const firstBreak = tokens.findIndex((token) => token.text.includes("\n"));
  if (firstBreak < 0) return true;
  const last = significant(tokens.slice(0, firstBreak)).at(-1);
  return last !== undefined && (isOpener(last) || last.text === ":");
}

/**
 * How many spaces all lines after the first start with, or undefined where indenting the text anew could change its
 * meaning: inside `"…"`, in a `''…''` whose text starts on the line of its quotes, and with carriage returns.
 */
export function codeMargin(tokens: readonly Token[]): number | undefined {
  const startsOnOwnLine: boolean[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.text.includes("\r")) return undefined;
    if (token.kind === "quote") {
      if (token.context === "code") startsOnOwnLine.push(/^ *\n/.test(tokens[index + 1]?.text ?? ""));
      else startsOnOwnLine.pop();
    }
    // After an escaped line break, Nix takes spaces for indentation that may be in the middle of a line.
    if (token.context === "indented" && token.text === "''\\n") return undefined;
    const inString = token.kind === "text" || token.kind === "escape";
    if (!inString || !token.text.includes("\n")) continue;
    if (token.context === "quoted" || token.kind === "escape" || !startsOnOwnLine.at(-1)) return undefined;
  }
  const lines = tokens
    .map((token) => token.text)
    .join("")
    .split("\n")
    .slice(1);
  const margins = lines.filter((line) => /[^ ]/.test(line)).map((line) => line.search(/[^ ]/));
  return margins.length === 0 ? 0 : Math.min(...margins);
}
