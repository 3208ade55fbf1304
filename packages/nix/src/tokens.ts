/** Stands in a source text for a hole of nix`…`; Nix text cannot hold it otherwise. */
export const HOLE = "\0";

export type TokenKind =
  | "space"
  | "comment"
  | "identifier"
  | "number"
  | "uri"
  | "punctuation"
  /** Any piece of a path literal but its interpolations. */
  | "path"
  /** `"` or `''`, opening or closing. */
  | "quote"
  /** Literal text inside a string. */
  | "text"
  /** One escape sequence inside a string. */
  | "escape"
  /** `${` inside a string, path or attribute path, and the `}` that belongs to it. */
  | "interpolation"
  | "hole";

/** Where a token stands: in an expression, in a `"…"` string, in a `''…''` string, in a path or in a comment. */
export type TokenContext = "code" | "quoted" | "indented" | "path" | "comment";

export interface Token {
  readonly kind: TokenKind;
  readonly context: TokenContext;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const PATH_CHARACTER = "[a-zA-Z0-9._\\-+]";

/**
 * Tokens of an expression. As in Nix' own lexer the longest match wins, and of equals the first.
 */
export const CODE_RULES: readonly (readonly [TokenKind, RegExp])[] = [
  ["identifier", /[a-zA-Z_][a-zA-Z0-9_'-]*/y],
  ["number", /(?:[1-9][0-9]*\.[0-9]*|0?\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[0-9]+/y],
  ["path", new RegExp(`(?:~|${PATH_CHARACTER}*)(?:/${PATH_CHARACTER}+)+/?`, "y")],
  ["path", new RegExp(`(?:~|${PATH_CHARACTER}*)/(?=\\$\\{|\\0)`, "y")],
  ["path", new RegExp(`<${PATH_CHARACTER}+(?:/${PATH_CHARACTER}+)*>`, "y")],
  ["uri", /[a-zA-Z][a-zA-Z0-9+\-.]*:[a-zA-Z0-9%/?:@&=+$,\-_.!~*']+/y],
  ["space", /[ \t\r\n]+/y],
  ["comment", /#[^\r\n]*|\/\*[\s\S]*?\*\//y],
  ["punctuation", /\.\.\.|==|!=|<=|>=|&&|\|\||->|\/\/|\+\+|\|>|<\||[-+*/<>=!?:;,.@()[\]{}]/y],
];

/** What the two kinds of strings consist of. A `$` takes the next character with it, so `$${` is no interpolation. */
export const STRING_RULES = {
  quoted: { close: '"', escape: /\\[\s\S]|\$\\[\s\S]/y, text: /(?:[^$"\\\0]|\$(?:[^{"\\\0]|(?=["\0]|$)))+/y },
  indented: {
    close: "''",
    escape: /''(?:\$|'|\\[\s\S])/y,
    text: /(?:[^$'\0]|\$(?:[^{'\0]|(?=['\0]|$))|'(?!'))+/y,
  },
} as const;
