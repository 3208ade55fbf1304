import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { eventually } from "../lab/probe.js";
import { useStandIns } from "./stand-ins.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** Templates of `pulumi new` that make machines on a cloud, and the names of the clouds' providers. */
const TEMPLATES = [
  ["hcloud", "hcloud"],
  ["digitalocean", "digitalocean"],
  ["gcp", "gcp"],
  ["aws", "aws"],
  ["azure", "azure-native"],
] as const;

let project: Project | undefined;
afterEach(() => project?.dispose());

test.each(TEMPLATES)("template %s: new, up, a page, destroy", async (name, provider) => {
  const own = new Project(`template-${name}`);
  project = own;
  const template = join(REPOSITORY, "templates", name);
  expect(readFileSync(join(template, "index.ts"), "utf8").split("\n").length).toBeLessThanOrEqual(41);

  const made = await own.run("pulumi", [
    "new",
    template,
    "--generate-only",
    "--yes",
    "--force",
    "--name",
    own.name,
  ]);
  expect(made.exitCode, made.output).toBe(0);
  useStandIns(own, [provider]);
  await own.init();
  await own.pulumi("config", "set", "--secret", `${provider}:token`, "secret");
  // What a flake's lock file says for people.
  await own.pulumi("config", "set", "firn:nixpkgs", join(REPOSITORY, "tests/mini-nixos"));

  const up = await own.up();
  expect(up.exitCode, up.output).toBe(0);
  const { url = "" } = await own.outputs();
  expect(await eventually(async () => (await fetch(url)).text())).toMatch(/^Hello from NixOS on /);
  const told = up.output.split("\n").map(timeless);
  for (const line of shownBy(template)) expect(told).toContain(timeless(line));

  const destroyed = await own.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
});

/** What the template's page shows of a run. */
function shownBy(template: string): string[] {
  const shown = /```text\n([\s\S]*?)```/.exec(readFileSync(join(template, "README.md"), "utf8"))?.[1] ?? "";
  expect(shown).not.toBe("");
  return shown.split("\n").filter((line) => line.trim() !== "");
}

/** Durations and addresses are others each time. */
function timeless(line: string): string {
  return line.trimEnd().replace(/\d+(\.\d+)*/g, "0");
}
