import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { Project } from "./project.js";

const TEMPLATES = fileURLToPath(new URL("../../templates", import.meta.url));

/** A project made from one of `templates/` by `pulumi new`; its nixpkgs is the miniature. */
export async function newFromTemplate(name: string): Promise<Project> {
  const project = new Project(`template-${name}`);
  const template = join(TEMPLATES, name);
  expect(readFileSync(join(template, "index.ts"), "utf8").split("\n").length).toBeLessThanOrEqual(41);
  const flags = ["--generate-only", "--yes", "--force", "--name", project.name];
  const made = await project.run("pulumi", ["new", template, ...flags]);
  expect(made.exitCode, made.output).toBe(0);
  return project;
}

/** Has `firn:nixpkgs` say what a flake's lock file says for people. */
export async function useMiniature(project: Project): Promise<void> {
  await project.pulumi("config", "set", "firn:nixpkgs", NIXPKGS);
}

/** What a run says in the page beside a template, each line of it. */
export function expectShown(template: string, output: string): void {
  const readme = readFileSync(join(TEMPLATES, template, "README.md"), "utf8");
  const shown = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  expect(shown).not.toBe("");
  const told = output.split("\n").map(timeless);
  for (const line of shown.split("\n").filter((each) => each.trim() !== ""))
    expect(told).toContain(timeless(line));
}

/** Durations and addresses are others each time. */
function timeless(line: string): string {
  return line.trimEnd().replace(/\d+(\.\d+)*/g, "0");
}
