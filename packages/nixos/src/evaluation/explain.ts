/** Why one machine's configuration could not be evaluated. */
export interface EvaluationFailure {
  readonly machine: string;
  /** Nix' reason, without its trace. */
  readonly reason: string;
  /** Option path, for example `services.nginx.enable`, where the reason names one. */
  readonly option?: string;
  /** Rendered or own file that Nix points at. */
  readonly file?: string;
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
  const file = /In `([^']+?)'/.exec(reason)?.[1] ?? innermost(text, /at (\/[^:\n]*\.firn\/[^:\n]*:\d+)/g);
  const hint = HINTS.find(([pattern]) => pattern.test(reason))?.[1];
  return {
    machine,
    reason,
    ...(option ? { option } : {}),
    ...(file ? { file } : {}),
    ...(hint ? { hint } : {}),
  };
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /The option .* does not exist/,
    "Check the spelling; the NixOS options are listed at search.nixos.org/options.",
  ],
  [/is not of type|is not a (boolean|string|list)/, "Give a value of that type."],
  [/conflicting definition values/, "Two places set it: use lib.mkForce(…) for the one that shall win."],
  [
    /infinite recursion/,
    "A value depends on itself: often `config` used where it decides what is imported or defined.",
  ],
  [
    /is forbidden in restricted mode/,
    "Evaluation reads only the project and the pinned nixpkgs: move the file into the project.",
  ],
  [/has an unfree license/, "Allow it: config: { nixpkgs: { config: { allowUnfree: true } } }."],
  [/is marked as insecure/, "Use another version, or list it in nixpkgs.config.permittedInsecurePackages."],
  [/Failed assertions/, "The configuration contradicts itself as the assertion says."],
  [/attribute .* missing/, "The name is misspelt, or this nixpkgs does not have it."],
];

function findReason(text: string): string {
  const blocks = text.split(/^\s*error:/m).slice(1);
  const last = blocks.at(-1) ?? text;
  const lines: string[] = [];
  for (const line of dedent(last).split("\n")) {
    // The reason ends where the trace of an old Nix starts, or a position.
    if (/^\s*(… |at \/|at «|\(use '--show-trace')/.test(line)) break;
    lines.push(line);
  }
  return lines.join("\n").trim();
}

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
  const option = innermost(text, /while evaluating the option `([^'$]+)'/g);
  // Every value is evaluated for the system as a whole, which nobody defined.
  return option?.startsWith("system.build.") ? undefined : option;
}

/** The match nearest to the reason: old Nix tells the trace from inside out after it, newer ones the other way before it. */
function innermost(text: string, pattern: RegExp): string | undefined {
  const start = [...text.matchAll(/^\s*error:/gm)].at(-1)?.index ?? 0;
  const after = [...text.slice(start).matchAll(pattern)][0];
  return (after ?? [...text.slice(0, start).matchAll(pattern)].at(-1))?.[1];
}

function stripColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with ESC
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
