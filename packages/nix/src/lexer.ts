import { NixSyntaxError } from "./errors.js";
import {
  CODE_RULES,
  HOLE,
  PATH_CHARACTER,
  STRING_RULES,
  type Token,
  type TokenContext,
  type TokenKind,
} from "./tokens.js";

type Frame =
  | { readonly in: "code"; readonly opened: Token | undefined; readonly brackets: Token[] }
  | { readonly in: "quoted" | "indented"; readonly opened: Token }
  | { readonly in: "path"; readonly opened: Token };

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "${": "}" };

/**
 * Splits Nix text into tokens; joined, they are the text again. {@link HOLE} counts as a whole expression.
 *
 * @throws {@link NixSyntaxError} at an unbalanced bracket, an open string or comment, or a character that Nix does not know
 */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  const frames: Frame[] = [{ in: "code", opened: undefined, brackets: [] }];
  let position = 0;
  const take = (kind: TokenKind, context: TokenContext, length: number): Token => {
    const text = source.slice(position, position + length);
    const token = { kind, context, start: position, end: position + length, text };
    tokens.push(token);
    position += length;
    return token;
  };
  while (position < source.length) {
    const frame = frames.at(-1) as Frame;
    if (frame.in === "code") lexCode(source, position, frame, frames, take);
    else if (frame.in === "path") lexPath(source, position, frames, take);
    else lexString(source, position, frame.in, frames, take);
  }
  if (frames.at(-1)?.in === "path") frames.pop();
  const last = frames.at(-1) as Frame;
  const unclosed = last.in === "code" ? (last.brackets.at(-1) ?? last.opened) : last.opened;
  if (unclosed) throw syntaxError(source, unclosed.start, `\`${unclosed.text}\` is never closed`);
  return tokens;
}

type Take = (kind: TokenKind, context: TokenContext, length: number) => Token;

function lexCode(
  source: string,
  position: number,
  frame: Frame & { in: "code" },
  frames: Frame[],
  take: Take,
): void {
  const character = source[position] as string;
  if (character === HOLE) return void take("hole", "code", 1);
  if (character === '"') return void frames.push({ in: "quoted", opened: take("quote", "code", 1) });
  if (source.startsWith("''", position))
    return void frames.push({ in: "indented", opened: take("quote", "code", 2) });
  if (source.startsWith("${", position))
    return void frames.push({ in: "code", opened: take("interpolation", "code", 2), brackets: [] });
  if (source.startsWith("/*", position) && source.indexOf("*/", position + 2) < 0)
    throw syntaxError(source, position, "`/*` is never closed");
  const [kind, length] = longest(source, position);
  if (kind === undefined)
    throw syntaxError(source, position, `\`${character}\` is not a character that Nix knows here`);
  if (kind === "comment") lexComment(source, position, length, take);
  else if (kind === "punctuation" && ")]}".includes(character))
    closeBracket(source, position, frame, frames, take);
  else {
    const token = take(kind, "code", length);
    if (kind === "punctuation" && "([{".includes(character)) frame.brackets.push(token);
    if (kind === "path" && character !== "<") frames.push({ in: "path", opened: token });
  }
}

function longest(source: string, position: number): [TokenKind | undefined, number] {
  let found: TokenKind | undefined;
  let length = 0;
  for (const [kind, pattern] of CODE_RULES) {
    pattern.lastIndex = position;
    const match = pattern.exec(source)?.[0].length ?? 0;
    if (match > length) [found, length] = [kind, match];
  }
  return [found, length];
}

function lexComment(source: string, position: number, length: number, take: Take): void {
  for (const piece of source.slice(position, position + length).split(/(\0)/)) {
    if (piece !== "") take(piece === HOLE ? "hole" : "comment", "comment", piece.length);
  }
}

function closeBracket(
  source: string,
  position: number,
  frame: Frame & { in: "code" },
  frames: Frame[],
  take: Take,
): void {
  const open = frame.brackets.pop() ?? frame.opened;
  const character = source[position] as string;
  if (!open) throw syntaxError(source, position, `\`${character}\` closes nothing`);
  if (CLOSING[open.text] !== character)
    throw syntaxError(
      source,
      position,
      `\`${character}\` stands where \`${CLOSING[open.text]}\` has to close \`${open.text}\``,
    );
  if (open !== frame.opened) return void take("punctuation", "code", 1);
  frames.pop();
  take("interpolation", "code", 1);
}

function lexString(
  source: string,
  position: number,
  context: "quoted" | "indented",
  frames: Frame[],
  take: Take,
): void {
  const rules = STRING_RULES[context];
  for (const kind of ["escape", "text"] as const) {
    rules[kind].lastIndex = position;
    const match = rules[kind].exec(source)?.[0];
    if (match === undefined) continue;
    // The hole would be taken for the escaped character.
    if (kind === "escape" && match.endsWith(HOLE))
      throw syntaxError(
        source,
        position,
        "a backslash stands before a hole, and would escape what is put there",
      );
    return void take(kind, context, match.length);
  }
  if (source[position] === HOLE) return void take("hole", context, 1);
  if (source.startsWith("${", position))
    return void frames.push({ in: "code", opened: take("interpolation", context, 2), brackets: [] });
  if (source.startsWith(rules.close, position)) {
    take("quote", context, rules.close.length);
    return void frames.pop();
  }
  throw syntaxError(source, position, "a string ends in a backslash");
}

const PATH_PIECE = new RegExp(`(?:${PATH_CHARACTER}|/(?!/))+`, "y");

function lexPath(source: string, position: number, frames: Frame[], take: Take): void {
  if (source[position] === HOLE) return void take("hole", "path", 1);
  if (source.startsWith("${", position))
    return void frames.push({ in: "code", opened: take("interpolation", "path", 2), brackets: [] });
  PATH_PIECE.lastIndex = position;
  const match = PATH_PIECE.exec(source)?.[0];
  if (match !== undefined) take("path", "path", match.length);
  else frames.pop();
}

function syntaxError(source: string, position: number, problem: string): NixSyntaxError {
  const line = source.slice(0, position).split("\n").length;
  const shown = source.replaceAll(HOLE, "…").trim();
  const excerpt = shown.length > 200 ? `${shown.slice(0, 200)} …` : shown;
  return new NixSyntaxError(`Nix text: ${problem}, in line ${line} of:\n${excerpt}`);
}
