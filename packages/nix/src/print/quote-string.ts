const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r", // a bare carriage return would be read as a line feed
  "\t": "\\t",
  $: "\\$",
};

/**
 * The inside of a Nix string in double quotes.
 *
 * @param beforeHole whether `${` follows directly: then a trailing `$` would swallow it
 */
export function escapeQuoted(text: string, beforeHole = false): string {
  const pattern = beforeHole ? /[\\"\n\r\t]|\$(?=\{|$)/g : /[\\"\n\r\t]|\$(?=\{)/g;
  return text.replace(pattern, (character) => ESCAPES[character] as string);
}

/** A text as a Nix string in double quotes. */
export function quoteString(text: string): string {
  return `"${escapeQuoted(text)}"`;
}
