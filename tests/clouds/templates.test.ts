import { afterEach, expect, test } from "vitest";
import type { Project } from "../e2e/project.js";
import { expectShown, newFromTemplate, useMiniature } from "../e2e/template.js";
import { pageAt } from "../lab/probe.js";
import { useStandIns } from "./stand-ins.js";

/** Templates of `pulumi new` that make machines on clouds, and the names of the clouds' providers. */
const TEMPLATES = [
  ["hcloud", ["hcloud"]],
  ["digitalocean", ["digitalocean"]],
  ["gcp", ["gcp"]],
  ["aws", ["aws"]],
  ["azure", ["azure-native"]],
  ["multi-cloud", ["hcloud", "digitalocean"]],
] as const;

let project: Project | undefined;
afterEach(() => project?.dispose());

test.each(TEMPLATES)("template %s: new, up, a page, destroy", async (name, providers) => {
  const own = await newFromTemplate(name);
  project = own;
  useStandIns(own, providers);
  await own.init();
  for (const provider of providers)
    await own.pulumi("config", "set", "--secret", `${provider}:token`, "secret");
  await useMiniature(own);

  const up = await own.up();
  expect(up.exitCode, up.output).toBe(0);
  const { url = "" } = await own.outputs();
  expect(await pageAt(url)).toMatch(/^Hello from NixOS on /);
  expectShown(name, up.output);

  const destroyed = await own.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
});
