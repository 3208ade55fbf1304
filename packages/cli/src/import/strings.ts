/** A piece of a string: literal text, an escaped piece that no indentation is taken from, or an interpolation. */
export type Piece<Hole> = { readonly text: string; readonly escaped: boolean } | { readonly hole: Hole };

const LETTERS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** What an escape sequence stands for, in either kind of string. */
export function unescapeNix(text: string): string {
  if (text === "'''") return "''";
  if (text === "''$") return "$";
  const at = text.indexOf("\\");
  const character = text.slice(at + 1);
  return (text.startsWith("$") ? "$" : "") + (LETTERS[character] ?? character);
}

/** Takes the shared indentation out of a `''` string, as Nix does. */
export function stripIndentation<Hole>(pieces: readonly Piece<Hole>[]): Piece<Hole>[] {
  const width = sharedIndentation(pieces);
  let start = true;
  let dropped = 0;
  const stripped = pieces.map((piece): Piece<Hole> => {
    if ("hole" in piece || piece.escaped) {
      start = false;
      dropped = 0;
      return piece;
    }
    let text = "";
    for (const character of piece.text) {
      if (start && character === " " && dropped++ < width) continue;
      if (start && character !== " ") [start, dropped] = [false, 0];
      text += character;
      if (character === "\n") [start, dropped] = [true, 0];
    }
    return { text, escaped: false };
  });
  const last = stripped.at(-1);
  if (last && "text" in last && !last.escaped) {
    const end = last.text.lastIndexOf("\n") + 1;
    if (/^ *$/.test(last.text.slice(end)) && (end > 0 || stripped.length === 1))
      stripped[stripped.length - 1] = { text: last.text.slice(0, end), escaped: false };
  }
  return stripped;
}

function sharedIndentation(pieces: readonly Piece<unknown>[]): number {
  let least = Number.POSITIVE_INFINITY;
  let start = true;
  let current = 0;
  for (const piece of pieces) {
    if ("hole" in piece || piece.escaped) {
      if (start) least = Math.min(least, current);
      start = false;
      continue;
    }
    for (const character of piece.text) {
      if (character === "\n") [start, current] = [true, 0];
      else if (start && character === " ") current += 1;
      else if (start) [start, least] = [false, Math.min(least, current)];
    }
  }
  return least;
}
