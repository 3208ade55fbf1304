import { posix } from "node:path";
import { rebasePaths, type Token } from "@firn/nix";
import { Beyond } from "./beyond.js";
import { Cursor } from "./cursor.js";
import { type Comments, type DataNode, type Kept, type ReadModule, variablesOf } from "./node.js";
import { Scope } from "./scope.js";
import { type Piece, stripIndentation, unescapeNix } from "./strings.js";

const KEYWORDS = new Set(["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or"]);

/**
 * Reads a Nix module that is data.
 *
 * @param directory of the file, relative to the project root; paths in the result start at the root
 * @throws a `NixSyntaxError` for text that is no Nix
 */
export function parseModule(source: string, directory: string): ReadModule {
  return new Parser(new Cursor(source), directory).read();
}

class Parser {
  private readonly kept: Kept[] = [];
  private readonly comments = new Map<DataNode, Comments>();

  constructor(
    private readonly cursor: Cursor,
    private readonly directory: string,
  ) {}

  read(): ReadModule {
    const { cursor } = this;
    const { end, args } = this.header();
    const top = cursor.tokens.flatMap((_, at) => (at <= end ? cursor.commentsBefore(at) : []));
    const { module, variables } = this.body(end, cursor.tokens.length, Scope.of(args));
    return {
      module,
      variables,
      comments: this.comments,
      top: top.map((comment) => comment.text),
      kept: this.kept,
    };
  }

  /** Index of the first token after `{ pkgs, ... }:`, and the names before it. */
  private header(): { end: number; args: string[] } {
    const { cursor } = this;
    const none = { end: 0, args: [] };
    if (cursor.text(1) === ":" && cursor.tokens[0]?.kind === "identifier")
      return { end: 2, args: [cursor.text(0) ?? ""] };
    if (cursor.text(0) !== "{") return none;
    let end = cursor.groupEnd(0);
    const names = cursor.tokens.slice(1, end - 1).filter((token) => token.kind === "identifier");
    if (cursor.text(end) === "@") {
      names.push(cursor.tokens[end + 1] as Token);
      end += 2;
    }
    return cursor.text(end) === ":" ? { end: end + 1, args: names.map((name) => name.text) } : none;
  }

  /** The body of the module: a `let` around it becomes variables. */
  private body(
    start: number,
    end: number,
    scope: Scope,
  ): { module: DataNode; variables: ReadonlyMap<string, DataNode> } {
    const { cursor } = this;
    const before = this.kept.length;
    try {
      if (cursor.isKeyword(start, "with")) {
        const semicolon = cursor.semicolon(start + 1, end);
        return this.body(semicolon + 1, end, this.opened(start + 1, semicolon, scope));
      }
      if (cursor.isKeyword(start, "let")) {
        const at = cursor.inOf(start, end);
        const names = this.bound(start + 1, at);
        const inner = scope.withVariables(names);
        const bindings = inOrder(this.entries(start + 1, at, inner));
        const { module, variables } = this.body(at + 1, end, inner);
        return { module, variables: new Map([...bindings, ...variables]) };
      }
    } catch (error) {
      if (!(error instanceof Beyond)) throw error;
      this.kept.length = before;
    }
    return { module: this.convert(start, end, scope), variables: new Map() };
  }

  /** The expression between two tokens, as data or as the text that it is. */
  private convert(start: number, end: number, scope: Scope): DataNode {
    const before = this.kept.length;
    try {
      return this.application(start, end, scope);
    } catch (error) {
      if (!(error instanceof Beyond) || start >= end) throw error;
      this.kept.length = before;
      this.kept.push({ line: this.cursor.lineOf(start), reason: error.message });
      return scope.code(rebasePaths(this.cursor.slice(start, end), this.directory, "."));
    }
  }

  private application(start: number, end: number, scope: Scope): DataNode {
    const { cursor } = this;
    if (start >= end) throw new Beyond("an empty expression");
    if (cursor.text(start) === "-" && start + 2 === end && cursor.tokens[start + 1]?.kind === "number")
      return number(`-${cursor.text(start + 1)}`);
    if (cursor.isKeyword(start, "with")) {
      const semicolon = cursor.semicolon(start + 1, end);
      return this.application(semicolon + 1, end, this.opened(start + 1, semicolon, scope));
    }
    const ends: number[] = [];
    for (let at = start; at < end; at = ends.at(-1) as number) ends.push(this.simpleEnd(at, end));
    if (ends.length === 1) return this.simple(start, end, scope, false);
    const fn = this.simple(start, ends[0] as number, scope, true);
    if (!["select", "name", "variable"].includes(fn.kind)) throw new Beyond("a call of something computed");
    const args = ends.slice(1).map((to, index) => this.convert(ends[index] as number, to, scope));
    return { kind: "apply", fn, args };
  }

  /** The scope inside of `with`, whose set is a name or a selection from one. */
  private opened(start: number, end: number, scope: Scope): Scope {
    const set = this.simple(start, end, scope, true);
    if (set.kind !== "name" && set.kind !== "select") throw new Beyond("`with`");
    return scope.inside(set, this.cursor.slice(start, end));
  }

  /** Where the operand of a list or call that starts here ends. */
  private simpleEnd(start: number, end: number): number {
    const { cursor } = this;
    const first = cursor.tokens[start] as Token;
    if (first.kind === "identifier" && KEYWORDS.has(first.text)) {
      if (first.text !== "rec" || cursor.text(start + 1) !== "{") throw new Beyond(`\`${first.text}\``);
      return cursor.groupEnd(start + 1);
    }
    if (first.kind === "punctuation" && !cursor.isOpening(first.text))
      throw new Beyond(first.text === ":" ? "a function" : `\`${first.text}\``);
    let at = cursor.atomEnd(start);
    while (at + 1 < end && cursor.text(at) === "." && cursor.tokens[at]?.context === "code")
      at = cursor.atomEnd(at + 1);
    return at;
  }

  private simple(start: number, end: number, scope: Scope, isFunction: boolean): DataNode {
    const { cursor } = this;
    const firstEnd = cursor.atomEnd(start);
    let node = this.atom(start, firstEnd, scope, isFunction);
    for (let at = firstEnd; at < end; at = cursor.atomEnd(at + 1)) {
      if (!["name", "select", "variable"].includes(node.kind))
        throw new Beyond("a selection from something computed");
      node = { kind: "select", base: node, attribute: this.attribute(at + 1, scope) };
    }
    return node;
  }

  private atom(start: number, end: number, scope: Scope, isFunction: boolean): DataNode {
    const token = this.cursor.tokens[start] as Token;
    if (token.kind === "number") return number(token.text);
    if (token.kind === "quote") return { kind: "string", parts: this.string(start, end, scope) };
    if (token.kind === "path") return this.path(token, end - start);
    if (token.kind === "identifier") {
      if (KEYWORDS.has(token.text)) throw new Beyond(`\`${token.text}\``);
      return scope.resolve(token.text, isFunction);
    }
    if (token.text === "(") return this.application(start + 1, end - 1, scope);
    if (token.text === "[") return this.list(start + 1, end - 1, scope);
    if (token.text === "{") return this.set(start + 1, end - 1, scope);
    throw new Beyond(`\`${token.text}\``);
  }

  private path(token: Token, length: number): DataNode {
    if (length > 1 || /^[<~]/.test(token.text)) throw new Beyond(`the path ${token.text}`);
    if (token.text.startsWith("/")) return { kind: "path", path: token.text };
    const path = posix.join(this.directory, token.text);
    return { kind: "path", path: path.startsWith(".") ? path : `./${path}` };
  }

  private string(start: number, end: number, scope: Scope): (string | DataNode)[] {
    const { cursor } = this;
    const pieces: Piece<DataNode>[] = [];
    for (let at = start + 1; at < end - 1; ) {
      const token = cursor.tokens[at] as Token;
      if (token.kind === "interpolation") {
        const to = cursor.groupEnd(at);
        pieces.push({ hole: this.convert(at + 1, to - 1, scope) });
        at = to;
        continue;
      }
      const escaped = token.kind === "escape";
      pieces.push({ text: escaped ? unescapeNix(token.text) : token.text.replace(/\r\n?/g, "\n"), escaped });
      at += 1;
    }
    const stripped = cursor.text(start) === "''" ? stripIndentation(blankStart(pieces)) : pieces;
    return stripped.map((piece) => ("hole" in piece ? piece.hole : piece.text));
  }

  private list(start: number, end: number, scope: Scope): DataNode {
    const elements: DataNode[] = [];
    for (let at = start; at < end; ) {
      const to = this.simpleEnd(at, end);
      const element = this.convert(at, to, scope);
      this.addComments(at, element, elements.at(-1));
      elements.push(element);
      at = to;
    }
    const list: DataNode = { kind: "list", elements };
    this.addEnd(end, list, elements.at(-1));
    return list;
  }

  private set(start: number, end: number, scope: Scope): DataNode {
    const entries = this.entries(start, end, scope);
    const set: DataNode = { kind: "set", entries };
    this.addEnd(end, set, this.lastValue);
    return set;
  }

  /** The value of the definition that was read last. */
  private lastValue: DataNode | undefined;

  private entries(start: number, end: number, scope: Scope): Map<string, DataNode> {
    const { cursor } = this;
    const entries = new Map<string, DataNode>();
    let last: DataNode | undefined;
    for (let at = start; at < end; ) {
      const to = cursor.semicolon(at, end);
      const definitions = cursor.isKeyword(at, "inherit")
        ? this.inherited(at + 1, to, scope)
        : [this.definition(at, to, scope)];
      for (const [path, value] of definitions) add(entries, path, value);
      const [first] = definitions;
      if (first) this.addComments(at, first[1], last);
      last = definitions.at(-1)?.[1] ?? last;
      at = to + 1;
    }
    this.lastValue = last;
    return entries;
  }

  private definition(start: number, end: number, scope: Scope): [path: string[], value: DataNode] {
    const { cursor } = this;
    const path = [this.attribute(start, scope)];
    let at = cursor.atomEnd(start);
    for (; cursor.text(at) === "."; at = cursor.atomEnd(at + 1)) path.push(this.attribute(at + 1, scope));
    if (cursor.text(at) !== "=") throw new Beyond("an attribute set that is none");
    return [path, this.convert(at + 1, end, scope)];
  }

  /** `inherit a b;` and `inherit (set) a b;` */
  private inherited(start: number, end: number, scope: Scope): [path: string[], value: DataNode][] {
    const { cursor } = this;
    const from = cursor.text(start) === "(" ? cursor.groupEnd(start) : start;
    const base = from === start ? undefined : this.application(start + 1, from - 1, scope);
    if (base && !["name", "select", "variable"].includes(base.kind)) throw new Beyond("`inherit`");
    const definitions: [string[], DataNode][] = [];
    for (let at = from; at < end; at = cursor.atomEnd(at)) {
      const name = this.attribute(at, scope);
      definitions.push([
        [name],
        base ? { kind: "select", base, attribute: name } : scope.resolve(name, false),
      ]);
    }
    return definitions;
  }

  /** The names that definitions between two tokens bind. */
  private bound(start: number, end: number): string[] {
    const { cursor } = this;
    const names: string[] = [];
    for (let at = start; at < end; ) {
      const to = cursor.semicolon(at, end);
      if (cursor.isKeyword(at, "inherit")) {
        // What is inherited from the surroundings is what it was there.
        if (cursor.text(at + 1) !== "(") throw new Beyond("`inherit`");
        for (let name = cursor.groupEnd(at + 1); name < to; name++) names.push(cursor.text(name) ?? "");
      } else names.push(this.attribute(at, Scope.of([])));
      at = to + 1;
    }
    return names;
  }

  private attribute(at: number, scope: Scope): string {
    const token = this.cursor.tokens[at] as Token;
    if (token.kind === "identifier") return token.text;
    const parts = token.kind === "quote" ? this.string(at, this.cursor.stringEnd(at), scope) : [undefined];
    if (parts.some((part) => typeof part !== "string")) throw new Beyond("a computed attribute name");
    return parts.join("");
  }

  /** Comments before a value: those on the line of the value before it belong to that one. */
  private addComments(at: number, value: DataNode, previous: DataNode | undefined): void {
    const comments = this.cursor.commentsBefore(at);
    const after = previous ? comments.filter((comment) => comment.sameLine) : [];
    const before = comments.filter((comment) => !after.includes(comment));
    if (previous) this.comment(previous, { after });
    if (before.length > 0) this.comment(value, { before });
  }

  private addEnd(at: number, whole: DataNode, last: DataNode | undefined): void {
    const comments = this.cursor.commentsBefore(at);
    const after = last ? comments.filter((comment) => comment.sameLine) : [];
    const end = comments.filter((comment) => !after.includes(comment)).map((comment) => comment.text);
    if (last) this.comment(last, { after });
    if (end.length > 0) this.comments.set(whole, { before: [], ...this.comments.get(whole), end });
  }

  private comment(
    value: DataNode,
    {
      before = [],
      after = [],
    }: { before?: readonly { text: string }[]; after?: readonly { text: string }[] },
  ): void {
    if (before.length + after.length === 0) return;
    const known = this.comments.get(value) ?? { before: [] };
    const trailing = after.map((comment) => comment.text).join(" ");
    this.comments.set(value, {
      ...known,
      before: [...known.before, ...before.map((comment) => comment.text)],
      ...(trailing === "" ? {} : { after: trailing }),
    });
  }
}

/** Bindings, each after those that it uses. */
function inOrder(bindings: ReadonlyMap<string, DataNode>): Map<string, DataNode> {
  const ordered = new Map<string, DataNode>();
  const visit = (name: string, path: readonly string[]) => {
    const node = bindings.get(name);
    if (!node || ordered.has(name)) return;
    if (path.includes(name)) throw new Beyond("a `let` whose variables use each other");
    for (const used of variablesOf(node)) visit(used, [...path, name]);
    ordered.set(name, node);
  };
  for (const name of bindings.keys()) visit(name, []);
  return ordered;
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
