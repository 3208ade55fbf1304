import { isExpression } from "./expression.js";
import { MODULE_ARGUMENTS } from "./names.js";
import { isIdentifier } from "./print/attribute-name.js";
import { type Doc, group, indent, join, line, type Mark } from "./print/doc.js";
import { newRun, type PrintOptions, startOf, WIDTH } from "./print/print.js";
import { type Position, renderDoc } from "./print/render-doc.js";
import { printAny, printSet } from "./print/value.js";
import type { NixModule } from "./types.js";
import { classify } from "./value.js";

export interface PrintModuleOptions extends PrintOptions {
  /** Lines of the comment on top. */
  readonly header?: readonly string[];
  /** Module arguments beyond NixOS' own that Nix text may use under `with`; elsewhere they are found. */
  readonly args?: readonly string[];
}

/**
 * A configuration as a whole NixOS module file: the comment, a function header with exactly the arguments that are used,
 * and the options. Ends in a line break.
 *
 * @throws {@link NixValueError} naming the option whose value Nix cannot hold
 */
export function printModule(config: NixModule, options: PrintModuleOptions = {}): string {
  return layOutModule(config, options, false).text;
}

/** Where a value stands in a module's text. */
export interface ModuleLine extends Mark, Position {
  /** Where its definition ends. */
  readonly end: Position;
}

/**
 * Where each value stands in the text that {@link printModule} makes of the same arguments, in the order of the text.
 * What `lib.mkMerge` brings together stands at one path several times.
 */
export function moduleLines(config: NixModule, options: PrintModuleOptions = {}): ModuleLine[] {
  return layOutModule(config, options, true).lines;
}

function layOutModule(
  config: NixModule,
  options: PrintModuleOptions,
  marks: boolean,
): { text: string; lines: ModuleLine[] } {
  const run = newRun(options, marks);
  const start = startOf(run);
  const classified = isExpression(config) ? undefined : classify(config, []);
  const body =
    classified?.kind === "set"
      ? run.guard.inside(config, [], () => printSet(classified.value, start, true))
      : printAny(config, start);
  const comment = (options.header ?? [])
    .flatMap((text) => text.split(/\r\n|\r|\n/))
    .map((text) => `# ${text}`.trimEnd());
  const header = renderDoc(printArguments(run.globals), WIDTH);
  const above = [...comment, ...header.split("\n")];
  const starts = new Map<Mark, Position>();
  const lines: ModuleLine[] = [];
  const text = renderDoc(body.doc, WIDTH, (mark, end, at) => {
    const position = { ...at, line: at.line + above.length };
    if (!end) starts.set(mark, position);
    else lines.push({ ...mark, ...(starts.get(mark) ?? position), end: position });
  });
  lines.sort((a, b) => a.line - b.line || a.column - b.column || a.path.length - b.path.length);
  return { text: `${[...above, text].join("\n")}\n`, lines };
}

function printArguments(used: ReadonlySet<string>): Doc {
  const others = [...used].filter((name) => !MODULE_ARGUMENTS.includes(name) && isIdentifier(name)).sort();
  const names = [...MODULE_ARGUMENTS.filter((name) => used.has(name)), ...others, "..."];
  return [group(["{", indent([line, join([",", line], names)]), line, "}"]), ":"];
}
