import { posix } from "node:path";
import { lex, rebasePaths, type Token } from "@firn/nix";
import type { DataNode, Kept } from "./node.js";
import { type Piece, stripIndentation, unescapeNix } from "./strings.js";

const NAMES = new Set(["pkgs", "lib", "config", "options", "nodes", "modulesPath", "builtins"]);
const LITERALS = new Set(["true", "false", "null"]);
const KEYWORDS = new Set(["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or"]);
const OPENING = new Set(["(", "[", "{", "${"]);
const CLOSING = new Set([")", "]", "}"]);

/** An expression is more than data; it stays Nix. */
class Beyond extends Error {}

/**
 * Reads a Nix module that is data.
 *
 * @param directory of the file, relative to the project root; paths in the result start at the root
 * @throws a `NixSyntaxError` for text that is no Nix
 */
export function parseModule(source: string, directory: string): { module: DataNode; kept: Kept[] } {
  const tokens = lex(source).filter((token) => token.kind !== "space" && token.context !== "comment");
  const parser = new Parser(source, tokens, directory);
  return { module: parser.convert(parser.headerEnd(), tokens.length), kept: parser.kept };
}

class Parser {
  readonly kept: Kept[] = [];

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
    private readonly directory: string,
  ) {}

  /** Index of the first token after `{ pkgs, ... }:`. */
  headerEnd(): number {
    if (this.text(1) === ":" && this.tokens[0]?.kind === "identifier") return 2;
    if (this.text(0) !== "{") return 0;
    let end = this.groupEnd(0);
    if (this.text(end) === "@") end += 2;
    return this.text(end) === ":" ? end + 1 : 0;
  }

  /** The expression between two tokens, as data or as the text that it is. */
  convert(start: number, end: number): DataNode {
    const before = this.kept.length;
    try {
      return this.application(start, end);
    } catch (error) {
      if (!(error instanceof Beyond)) throw error;
      this.kept.length = before;
      const first = this.tokens[start];
      const last = this.tokens[end - 1];
      if (!first || !last) throw error;
      this.kept.push({ line: this.source.slice(0, first.start).split("\n").length, reason: error.message });
      const text = this.source.slice(first.start, last.end);
      return { kind: "code", text: rebasePaths(text, this.directory, ".") };
    }
  }

  private application(start: number, end: number): DataNode {
    if (start >= end) throw new Beyond("an empty expression");
    if (this.text(start) === "-" && start + 2 === end && this.tokens[start + 1]?.kind === "number")
      return number(`-${this.text(start + 1)}`);
    const ends: number[] = [];
    for (let at = start; at < end; at = ends.at(-1) as number) ends.push(this.simpleEnd(at, end));
    if (ends.length === 1) return this.simple(start, end);
    const fn = this.simple(start, ends[0] as number);
    if (fn.kind !== "select" && fn.kind !== "name") throw new Beyond("a call of something computed");
    const args = ends.slice(1).map((to, index) => this.convert(ends[index] as number, to));
    return { kind: "apply", fn, args };
  }

  /** Where the operand of a list or call that starts here ends. */
  private simpleEnd(start: number, end: number): number {
    const first = this.tokens[start] as Token;
    if (first.kind === "identifier" && KEYWORDS.has(first.text)) {
      if (first.text !== "rec" || this.text(start + 1) !== "{") throw new Beyond(`\`${first.text}\``);
      return this.groupEnd(start + 1);
    }
    if (first.kind === "punctuation" && !OPENING.has(first.text)) throw new Beyond(`\`${first.text}\``);
    let at = this.atomEnd(start);
    while (at + 1 < end && this.text(at) === "." && this.tokens[at]?.context === "code")
      at = this.atomEnd(at + 1);
    return at;
  }

  private atomEnd(start: number): number {
    const token = this.tokens[start] as Token;
    if (token.kind === "quote") return this.stringEnd(start);
    if (token.kind === "path") {
      let at = start + 1;
      while (this.tokens[at]?.context === "path") at = this.text(at) === "${" ? this.groupEnd(at) : at + 1;
      return at;
    }
    return OPENING.has(token.text) ? this.groupEnd(start) : start + 1;
  }

  private stringEnd(start: number): number {
    let at = start + 1;
    while (this.tokens[at]?.kind !== "quote") at = this.text(at) === "${" ? this.groupEnd(at) : at + 1;
    return at + 1;
  }

  /** Index after the bracket that closes the one at `start`. */
  private groupEnd(start: number): number {
    let at = start + 1;
    while (!this.closes(at)) at = this.opens(at) ? this.groupEnd(at) : at + 1;
    return at + 1;
  }

  private opens(at: number): boolean {
    const { kind, text } = this.tokens[at] as Token;
    return (kind === "punctuation" || kind === "interpolation") && OPENING.has(text);
  }

  private closes(at: number): boolean {
    const { kind, text } = this.tokens[at] as Token;
    return (kind === "punctuation" || kind === "interpolation") && CLOSING.has(text);
  }

  private simple(start: number, end: number): DataNode {
    const firstEnd = this.atomEnd(start);
    let node = this.atom(start, firstEnd);
    for (let at = firstEnd; at < end; at = this.atomEnd(at + 1)) {
      if (node.kind !== "name" && node.kind !== "select")
        throw new Beyond("a selection from something computed");
      node = { kind: "select", base: node, attribute: this.attribute(at + 1) };
    }
    return node;
  }

  private atom(start: number, end: number): DataNode {
    const token = this.tokens[start] as Token;
    if (token.kind === "number") return number(token.text);
    if (token.kind === "quote") return { kind: "string", parts: this.string(start, end) };
    if (token.kind === "path") return this.path(token, end - start);
    if (token.kind === "identifier") {
      if (LITERALS.has(token.text)) return { kind: "literal", text: token.text };
      if (NAMES.has(token.text)) return { kind: "name", name: token.text };
      throw new Beyond(`\`${token.text}\``);
    }
    if (token.text === "(") return this.application(start + 1, end - 1);
    if (token.text === "[") return { kind: "list", elements: this.elements(start + 1, end - 1) };
    if (token.text === "{") return { kind: "set", entries: this.entries(start + 1, end - 1) };
    throw new Beyond(`\`${token.text}\``);
  }

  private path(token: Token, length: number): DataNode {
    if (length > 1 || /^[<~]/.test(token.text)) throw new Beyond(`the path ${token.text}`);
    if (token.text.startsWith("/")) return { kind: "path", path: token.text };
    const path = posix.join(this.directory, token.text);
    return { kind: "path", path: path.startsWith(".") ? path : `./${path}` };
  }

  private string(start: number, end: number): (string | DataNode)[] {
    const pieces: Piece<DataNode>[] = [];
    for (let at = start + 1; at < end - 1; ) {
      const token = this.tokens[at] as Token;
      if (token.kind === "interpolation") {
        const to = this.groupEnd(at);
        pieces.push({ hole: this.convert(at + 1, to - 1) });
        at = to;
        continue;
      }
      const escaped = token.kind === "escape";
      pieces.push({ text: escaped ? unescapeNix(token.text) : token.text.replace(/\r\n?/g, "\n"), escaped });
      at += 1;
    }
    const stripped = this.text(start) === "''" ? stripIndentation(blankStart(pieces)) : pieces;
    return stripped.map((piece) => ("hole" in piece ? piece.hole : piece.text));
  }

  private elements(start: number, end: number): DataNode[] {
    const elements: DataNode[] = [];
    for (let at = start; at < end; ) {
      const to = this.simpleEnd(at, end);
      elements.push(this.convert(at, to));
      at = to;
    }
    return elements;
  }

  private entries(start: number, end: number): Map<string, DataNode> {
    const entries = new Map<string, DataNode>();
    for (let at = start; at < end; ) {
      if (this.text(at) === "inherit") throw new Beyond("`inherit`");
      const path = [this.attribute(at)];
      at = this.atomEnd(at);
      for (; this.text(at) === "."; at = this.atomEnd(at + 1)) path.push(this.attribute(at + 1));
      if (this.text(at) !== "=") throw new Beyond("an attribute set that is none");
      const to = this.semicolon(at + 1, end);
      add(entries, path, this.convert(at + 1, to));
      at = to + 1;
    }
    return entries;
  }

  private attribute(at: number): string {
    const token = this.tokens[at] as Token;
    if (token.kind === "identifier") return token.text;
    const parts = token.kind === "quote" ? this.string(at, this.stringEnd(at)) : [undefined];
    if (parts.some((part) => typeof part !== "string")) throw new Beyond("a computed attribute name");
    return parts.join("");
  }

  /** The `;` that ends a definition, and not one of the `let`, `with` or `assert` in it. */
  private semicolon(start: number, end: number): number {
    let lets = 0;
    let skip = 0;
    for (let at = start; at < end; ) {
      const { text, kind } = this.tokens[at] as Token;
      if (kind === "identifier" && text === "let") lets += 1;
      if (kind === "identifier" && text === "in") lets -= 1;
      if (kind === "identifier" && (text === "with" || text === "assert")) skip += 1;
      if (kind === "punctuation" && text === ";" && lets === 0 && skip-- === 0) return at;
      at = this.opens(at) ? this.groupEnd(at) : at + 1;
    }
    throw new Beyond("a definition without `;`");
  }

  private text(at: number): string | undefined {
    return this.tokens[at]?.text;
  }
}

/** Nix drops the first line of a `''` string when it is empty. */
function blankStart(pieces: readonly Piece<DataNode>[]): Piece<DataNode>[] {
  const [first, ...rest] = pieces;
  if (!first || "hole" in first || first.escaped) return [...pieces];
  return [{ text: first.text.replace(/^ *\n/, ""), escaped: false }, ...rest];
}

function number(text: string): DataNode {
  if (/^-?[0-9]+$/.test(text)) {
    const value = BigInt(text);
    return { kind: "literal", text: Number.isSafeInteger(Number(value)) ? String(value) : `${value}n` };
  }
  // JavaScript cannot tell 1.0 from 1, Nix can.
  if (Number.isInteger(Number(text))) throw new Beyond(`the number ${text}`);
  return { kind: "literal", text: String(Number(text)) };
}

function add(entries: Map<string, DataNode>, path: readonly string[], value: DataNode): void {
  const [name, ...rest] = path as [string, ...string[]];
  const there = entries.get(name);
  const nested = rest.length > 0 ? { kind: "set" as const, entries: new Map<string, DataNode>() } : value;
  if (rest.length > 0 && nested.kind === "set") add(nested.entries, rest, value);
  if (!there) return void entries.set(name, nested);
  if (there.kind !== "set" || nested.kind !== "set") throw new Beyond(`two definitions of \`${name}\``);
  for (const [inner, node] of nested.entries) add(there.entries, [inner], node);
}
