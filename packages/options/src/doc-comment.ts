import type { OptionLeaf } from "./tree.js";

/** The doc comment of an option: description, range, default, example and where it is declared. */
export function docComment(option: OptionLeaf, indent: string): string {
  const lines = (option.description ?? "").trim().split("\n");
  if ("note" in option.type && /between|positive|nonnegative|bit /.test(option.type.note))
    lines.push("", option.type.note);
  if (option.default !== null) lines.push("", ...tag("default", option.default));
  if (option.example !== null) lines.push("", ...tag("example", option.example));
  if (option.readOnly) lines.push("", "Read-only.");
  if (/\b(deprecated|obsolete)\b/i.test(option.description ?? "")) lines.push("", "@deprecated");
  const declared = option.declarations[0]?.replace(/^.*?\/(?=nixos\/|modules\/)/, "");
  if (declared) lines.push("", `@see ${declared}`);
  const text = collapse(lines);
  if (text.length === 0) return "";
  // A description may itself hold the end of a comment.
  return [
    `${indent}/**`,
    ...text.map((line) => `${indent} * ${line.replaceAll("*/", "*\\/")}`.trimEnd()),
    `${indent} */`,
  ].join("\n");
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
