import { lex, type Token } from "@firn/nix";
import { Beyond } from "./beyond.js";

const OPENING = new Set(["(", "[", "{", "${"]);
const CLOSING = new Set([")", "]", "}"]);

/** The tokens of a Nix file, and where what starts at one of them ends. */
export class Cursor {
  /** Without spaces and comments. */
  readonly tokens: readonly Token[];
  private readonly comments: readonly Token[];

  /** @throws a `NixSyntaxError` for text that is no Nix */
  constructor(readonly source: string) {
    const all = lex(source);
    this.tokens = all.filter((token) => token.kind !== "space" && token.context !== "comment");
    this.comments = all.filter((token) => token.kind === "comment");
  }

  text(at: number): string | undefined {
    return this.tokens[at]?.text;
  }

  /** Whether a token is this keyword. */
  isKeyword(at: number, keyword: string): boolean {
    return this.tokens[at]?.kind === "identifier" && this.text(at) === keyword;
  }

  /** The text of tokens, with what is between them. */
  slice(start: number, end: number): string {
    return this.source.slice(this.tokens[start]?.start, this.tokens[end - 1]?.end);
  }

  /** The line of a token, counted from 1. */
  lineOf(at: number): number {
    return this.source.slice(0, this.tokens[at]?.start).split("\n").length;
  }

  /** Comments between a token and the one before it; the first ones may stand on the line of that one. */
  commentsBefore(at: number): { readonly text: string; readonly sameLine: boolean }[] {
    const from = this.tokens[at - 1]?.end ?? 0;
    const to = this.tokens[at]?.start ?? this.source.length;
    return this.comments
      .filter((comment) => comment.start >= from && comment.end <= to)
      .map((comment) => ({
        text: comment.text,
        sameLine: !this.source.slice(from, comment.start).includes("\n"),
      }));
  }

  atomEnd(start: number): number {
    const token = this.tokens[start] as Token;
    if (token.kind === "quote") return this.stringEnd(start);
    if (token.kind === "path") {
      let at = start + 1;
      while (this.tokens[at]?.context === "path") at = this.text(at) === "${" ? this.groupEnd(at) : at + 1;
      return at;
    }
    return OPENING.has(token.text) ? this.groupEnd(start) : start + 1;
  }

  stringEnd(start: number): number {
    let at = start + 1;
    while (this.tokens[at]?.kind !== "quote") at = this.text(at) === "${" ? this.groupEnd(at) : at + 1;
    return at + 1;
  }

  /** Index after the bracket that closes the one at `start`. */
  groupEnd(start: number): number {
    let at = start + 1;
    while (!this.closes(at)) at = this.opens(at) ? this.groupEnd(at) : at + 1;
    return at + 1;
  }

  /** The `;` that ends a definition, and not one of the `let`, `with` or `assert` in it. */
  semicolon(start: number, end: number): number {
    let lets = 0;
    let skip = 0;
    for (let at = start; at < end; ) {
      if (this.isKeyword(at, "let")) lets += 1;
      if (this.isKeyword(at, "in")) lets -= 1;
      if (this.isKeyword(at, "with") || this.isKeyword(at, "assert")) skip += 1;
      if (this.tokens[at]?.kind === "punctuation" && this.text(at) === ";" && lets === 0 && skip-- === 0)
        return at;
      at = this.opens(at) ? this.groupEnd(at) : at + 1;
    }
    throw new Beyond("a definition without `;`");
  }

  /** The `in` of the `let` at `start`. */
  inOf(start: number, end: number): number {
    let lets = 0;
    for (let at = start; at < end; at = this.opens(at) ? this.groupEnd(at) : at + 1) {
      if (this.isKeyword(at, "let")) lets += 1;
      if (this.isKeyword(at, "in") && --lets === 0) return at;
    }
    throw new Beyond("a `let` without `in`");
  }

  opens(at: number): boolean {
    const { kind, text } = this.tokens[at] as Token;
    return (kind === "punctuation" || kind === "interpolation") && OPENING.has(text);
  }

  isOpening(text: string): boolean {
    return OPENING.has(text);
  }

  private closes(at: number): boolean {
    const { kind, text } = this.tokens[at] as Token;
    return (kind === "punctuation" || kind === "interpolation") && CLOSING.has(text);
  }
}
