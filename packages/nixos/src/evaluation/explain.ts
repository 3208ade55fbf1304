import { hintFor } from "./hints.js";

/** A place in a Nix file. */
export interface NixPlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
}

/** Why one machine's configuration could not be evaluated. */
export interface EvaluationFailure {
  readonly machine: string;
  /** Nix' reason, without its trace. */
  readonly reason: string;
  /** Option path, for example `services.nginx.enable`, where the reason names one. */
  readonly option?: string;
  /** Where Nix was, the place of the failure first; files of definitions have no line. */
  readonly places: readonly NixPlace[];
  readonly hint?: string;
}

/**
 * Reads Nix' standard error of an evaluation that ran with `--show-trace`.
 * Nix before 2.10 writes the reason first and the trace after it; later ones write the reason last.
 */
export function explainEvaluation(stderr: string, names: readonly string[]): EvaluationFailure | undefined {
  const text = stripColours(stderr);
  const machine = names.find((name) => text.includes(`while evaluating the Firn machine '${name}'`));
  if (machine === undefined) return undefined;
  const reason = findReason(text);
  const option = /[Oo]ption (?:value )?`([^']+)'/.exec(reason)?.[1] ?? evaluatedOption(text, reason);
  const hint = hintFor(reason);
  return {
    machine,
    reason,
    ...(option ? { option } : {}),
    places: placesOf(text, reason),
    ...(hint ? { hint } : {}),
  };
}

/** Where the definitions are that the reason is about; else where the trace goes, from the failure outwards. */
function placesOf(text: string, reason: string): NixPlace[] {
  const named = [...reason.matchAll(/\b(?:in|and) `(\/[^']+?)'/gi)].map((match) => match[1] ?? "");
  if (named.length > 0) return [...new Set(named)].map((file) => ({ file }));
  const places = outwards(
    text,
    /\bat (\/[^:\n]*):(\d+):(\d+)|while evaluating definitions from `([^'$\n]+)'/g,
  );
  return places.map(([, file, line, column, definitions]) =>
    file ? { file, line: Number(line), column: Number(column) } : { file: definitions ?? "" },
  );
}

function findReason(text: string): string {
  const blocks = text.split(/^\s*error:/m).slice(1);
  const last = blocks.at(-1) ?? text;
  const lines: string[] = [];
  for (const line of dedent(last).split("\n")) {
    // The reason ends where the trace of an old Nix starts, or a position.
    if (/^\s*(… |at \/|at «|\(use '--show-trace')/.test(line)) break;
    lines.push(line);
  }
  return lines.join("\n").replace(FOR_CONFIGURATION_NIX, "").trim();
}

/** What nixpkgs says of its own files where it refuses a package: hints say how the program does it. */
const FOR_CONFIGURATION_NIX = /\n\s*(?:You can install it anyway by|a\) [Ff]or `nixos-rebuild`).*/s;

/** Nix indents what follows `error:`; a person reads it without. */
function dedent(text: string): string {
  const lines = text.split("\n");
  const margins = lines
    .slice(1)
    .filter((line) => line.trim() !== "")
    .map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const margin = Math.min(...margins, 7);
  return lines.map((line, index) => (index === 0 ? line.trimStart() : line.slice(margin))).join("\n");
}

/** The option whose value Nix was at when it failed, where the reason itself is about a value. */
function evaluatedOption(text: string, reason: string): string | undefined {
  if (/Failed assertions/.test(reason)) return undefined;
  const option = outwards(text, /while evaluating the option `([^'$]+)'/g)[0]?.[1];
  // Every value is evaluated for the system as a whole, which nobody defined.
  return option?.startsWith("system.build.") ? undefined : option;
}

/**
 * Matches from the reason outwards: the reason's own, then the trace's, which old Nix tells from inside out after the
 * reason and newer ones the other way before it.
 */
function outwards(text: string, pattern: RegExp): RegExpMatchArray[] {
  const start = [...text.matchAll(/^\s*error:/gm)].at(-1)?.index ?? 0;
  const after = [...text.slice(start).matchAll(pattern)];
  return [...after, ...[...text.slice(0, start).matchAll(pattern)].toReversed()];
}

function stripColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with ESC
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
