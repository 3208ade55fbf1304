import type { OptionLeaf, OptionType } from "./tree.js";

/**
 * The doc comment of an option: description, range, default, example and where it is declared.
 *
 * @param roots directories whose path is left out, so that the text is the same on every computer
 */
export function docComment(option: OptionLeaf, indent: string, roots: readonly string[]): string {
  const lines = (option.description ?? "").trim().split("\n");
  const notes = rangesOf(option.type);
  if (notes.length > 0) lines.push("", ...notes);
  if (option.default !== null) lines.push("", ...tag("default", option.default));
  if (option.example !== null) lines.push("", ...tag("example", option.example));
  if (option.readOnly) lines.push("", "Read-only.");
  const deprecated = deprecation(option);
  if (deprecated !== undefined) lines.push("", `@deprecated ${deprecated}`);
  else if (option.hidden) lines.push("", "@internal");
  const declared = option.declarations.map((file) => withoutRoot(file, roots));
  if (declared.length > 0) lines.push("", `@see ${declared.join(", ")}`);
  const text = collapse(lines);
  if (text.length === 0) return "";
  // A description may itself hold the end of a comment.
  return [
    `${indent}/**`,
    ...text.map((line) => `${indent} * ${line.replaceAll("*/", "*\\/")}`.trimEnd()),
    `${indent} */`,
  ].join("\n");
}

function withoutRoot(file: string, roots: readonly string[]): string {
  const root = roots.find((each) => file.startsWith(`${each}/`));
  return root === undefined ? file : file.slice(root.length + 1);
}

function deprecation(option: OptionLeaf): string | undefined {
  switch (option.deprecated?.kind) {
    case "removed":
      return "Removed: setting it fails the evaluation.";
    case "changed":
      return "Replaced by an option of another type.";
    case "renamed":
      return `Renamed to ${option.deprecated.to}.`;
    case "noted":
      return option.deprecated.text;
    default:
      return SAYS_SO.test(option.description ?? "") ? "" : undefined;
  }
}

/** The option itself, and not something that its description mentions. */
const SAYS_SO =
  /^\W*(?:deprecated|obsolete)\b|\bthis option (?:is|has been) (?:now )?(?:deprecated|obsolete)/i;

/** What nixpkgs says of the numbers and patterns in a type, submodules' own aside. */
function rangesOf(type: OptionType): string[] {
  if (type.kind === "number" || type.kind === "str")
    return /between|meaning|bit |matching|non-empty/.test(type.note) ? [type.note] : [];
  if ("elem" in type) return rangesOf(type.elem);
  if (type.kind === "either") return [...new Set(type.sides.flatMap(rangesOf))];
  return [];
}

function tag(name: string, value: string): string[] {
  const lines = value.trimEnd().split("\n");
  return lines.length === 1 ? [`@${name} ${lines[0]}`] : [`@${name}`, ...lines];
}

/** Without empty lines at the ends and doubled ones between. */
function collapse(lines: readonly string[]): string[] {
  const kept = lines
    .map((line) => line.trimEnd())
    .filter((line, index, all) => line !== "" || (index > 0 && all[index - 1] !== ""));
  while (kept[0] === "") kept.shift();
  while (kept.at(-1) === "") kept.pop();
  return kept;
}
