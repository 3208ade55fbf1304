import { quoteString } from "./quote-string.js";

const KEYWORDS = new Set(["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or"]);

/** Whether `name` can stand in Nix text as a bare identifier. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_'-]*$/.test(name) && !KEYWORDS.has(name);
}

/** An attribute name as Nix text, quoted where it has to be. */
export function printAttributeName(name: string): string {
  return isIdentifier(name) ? name : quoteString(name);
}
