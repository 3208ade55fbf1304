import { add, type Bindings, type Free, recursive, together, without } from "./free.js";
import { lex } from "./lexer.js";
import { isBuiltin, MODULE_ARGUMENTS } from "./names.js";
import type { Token } from "./tokens.js";

/**
 * The module arguments that Nix text needs: its free variables without Nix' own. Under `with` a free variable may as well
 * be an attribute, so there only NixOS' arguments and those in `extra` count.
 */
export function freeNames(tokens: readonly Token[], extra: ReadonlySet<string>): Set<string> {
  const found = new Reader(tokens).read();
  const known = (name: string) => MODULE_ARGUMENTS.includes(name) || extra.has(name);
  const names = [...found].filter(([name, certain]) => !isBuiltin(name) && (certain || known(name)));
  return new Set(names.map(([name]) => name));
}

/**
 * The free variables of Nix text, each with whether it is one for certain: under `with` it may as well be an attribute.
 * Names that Nix defines everywhere are left out.
 */
export function freeVariables(text: string): ReadonlyMap<string, boolean> {
  return new Map([...new Reader(lex(text)).read()].filter(([name]) => !isBuiltin(name)));
}

const ENDS = new Set([")", "]", "}", ";", ",", "then", "else", "in"]);

/**
 * Reads an expression for its free variables only. Operators and applications need no structure for that. Text that is
 * no Nix gives some answer and never an error; Nix itself will complain.
 */
class Reader {
  private position = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens.filter((token) => token.kind !== "space" && token.context !== "comment");
  }

  read(): Free {
    const free: Free = new Map();
    while (this.position < this.tokens.length) {
      add(free, this.expression());
      this.position++; // an end without a beginning
    }
    return free;
  }

  private expression(): Free {
    const free: Free = new Map();
    for (let token = this.peek(); token; token = this.peek()) {
      if (this.atEnd(token)) break;
      add(free, this.piece(token));
    }
    return free;
  }

  private atEnd(token: Token): boolean {
    return (token.context === "code" && ENDS.has(token.text) && token.kind !== "text") || isClosing(token);
  }

  private piece(token: Token): Free {
    this.position++;
    if (token.kind === "identifier") return this.identifier(token.text);
    if (token.kind === "quote") return this.string();
    if (token.kind === "interpolation") return this.bracket();
    if (token.text === "." || token.text === "?") return this.attribute();
    if (token.text === "(" || token.text === "[") return this.bracket();
    if (token.text === "{") return this.isPattern() ? this.pattern() : together(this.bindings());
    return new Map();
  }

  private identifier(name: string): Free {
    const next = this.peek()?.text;
    if (next === ":") {
      this.position++;
      return without(this.expression(), [name]);
    }
    if (next === "@") {
      this.position += 2;
      return without(this.pattern(), [name]);
    }
    if (name === "let") return this.letIn();
    if (name === "rec" && next === "{") {
      this.position++;
      return recursive(this.bindings());
    }
    if (name === "with") return this.withIn();
    if (KEYWORDS.has(name)) return new Map();
    return new Map([[name, true]]);
  }

  /** What follows `.` or `?`: a name is no variable there. */
  private attribute(): Free {
    if (this.peek()?.kind === "identifier") this.position++;
    return new Map();
  }

  private bracket(): Free {
    const free: Free = new Map();
    for (let token = this.peek(); token && !isCloser(token); token = this.peek()) {
      add(free, this.expression());
      const end = this.peek();
      if (end && !isCloser(end)) this.position++;
    }
    this.position++;
    return free;
  }

  private string(): Free {
    const free: Free = new Map();
    for (let token = this.peek(); token; token = this.peek()) {
      this.position++;
      if (token.kind === "quote") break;
      if (token.kind === "interpolation") add(free, this.bracket());
    }
    return free;
  }

  private withIn(): Free {
    const free = this.expression();
    this.position++; // ;
    for (const [name] of this.expression()) if (!free.has(name)) free.set(name, false);
    return free;
  }

  private letIn(): Free {
    if (this.peek()?.text === "{") {
      this.position++;
      return recursive(this.bindings());
    }
    const bindings = this.bindings();
    const free = without(add(this.expression(), bindings.inside), bindings.names);
    return add(free, bindings.around);
  }

  /** Reads up to and with the closing `}` or `in`. */
  private bindings(): Bindings {
    const names: string[] = [];
    const inside: Free = new Map();
    const around: Free = new Map();
    for (let token = this.peek(); token && !isCloser(token) && token.text !== "in"; token = this.peek()) {
      if (token.text === "inherit") this.inherit(names, inside, around);
      else {
        if (token.kind === "identifier") names.push(token.text);
        this.attributePath(inside);
        add(inside, this.expression());
      }
      if (this.peek()?.text === ";") this.position++;
    }
    this.position++;
    return { names, inside, around };
  }

  private attributePath(inside: Free): void {
    for (let token = this.peek(); token && token.text !== "="; token = this.peek()) {
      this.position++;
      if (token.kind === "quote") add(inside, this.string());
      else if (token.kind === "interpolation") add(inside, this.bracket());
      else if (token.text === ";" || isCloser(token)) return;
    }
    this.position++;
  }

  private inherit(names: string[], inside: Free, around: Free): void {
    this.position++;
    const from = this.peek()?.text === "(";
    if (from) {
      this.position++;
      add(inside, this.bracket());
    }
    for (let token = this.peek(); token && token.text !== ";" && !isCloser(token); token = this.peek()) {
      this.position++;
      if (token.kind !== "identifier") continue;
      names.push(token.text);
      if (!from) around.set(token.text, true);
    }
  }

  /** Whether the `{` just read starts a function's pattern. */
  private isPattern(): boolean {
    const [first, second] = this.tokens.slice(this.position, this.position + 2).map((token) => token.text);
    if (first === "..." || (first === "}" && (second === ":" || second === "@"))) return true;
    if (this.peek()?.kind !== "identifier") return false;
    if (second === "}") return [":", "@"].includes(this.tokens[this.position + 2]?.text ?? "");
    return second === "," || second === "?";
  }

  /** Reads a pattern after its `{`, and the function's body. */
  private pattern(): Free {
    const names: string[] = [];
    const free: Free = new Map();
    for (let token = this.peek(); token && !isCloser(token); token = this.peek()) {
      this.position++;
      if (token.kind === "identifier") names.push(token.text);
      else if (token.text === "?") add(free, this.expression());
    }
    this.position++; // }
    if (this.peek()?.text === "@") {
      names.push(this.tokens[this.position + 1]?.text ?? "");
      this.position += 2;
    }
    this.position++; // :
    return without(add(free, this.expression()), names);
  }

  private peek(): Token | undefined {
    return this.tokens[this.position];
  }
}

const KEYWORDS = new Set(["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or"]);

function isCloser(token: Token): boolean {
  return isClosing(token) || (token.kind === "punctuation" && [")", "]", "}"].includes(token.text));
}

function isClosing(token: Token): boolean {
  return token.kind === "interpolation" && token.text === "}";
}
