import { lex } from "./lexer.js";
import { HOLE, type Token } from "./tokens.js";

const KNOWN = new WeakMap<readonly string[], readonly Token[]>();

/** Tokens of the Nix text in an expression, with {@link HOLE} between its parts; several walks ask for the same ones. */
export function codeTokens(texts: readonly string[]): readonly Token[] {
  let tokens = KNOWN.get(texts);
  if (!tokens) {
    tokens = lex(texts.join(HOLE));
    KNOWN.set(texts, tokens);
  }
  return tokens;
}
