import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Deployment } from "./deployment.js";
import { startHost } from "./start.js";

let project: string;
const notes: string[] = [];

/** A project that has a target's package installed, whose starter writes down what it is asked. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "firn-start-"));
  const module = join(project, "node_modules/a-target");
  mkdirSync(module, { recursive: true });
  writeFileSync(join(project, "Pulumi.yaml"), "");
  writeFileSync(
    join(module, "package.json"),
    `{ "name": "a-target", "type": "module", "exports": { "./provider": "./provider.js" } }`,
  );
  writeFileSync(
    join(module, "provider.js"),
    `import { writeFileSync } from "node:fs";
export const starter = {
  isStarted: async (id) => id === "old",
  start: async (...asked) => writeFileSync(${JSON.stringify(join(project, "asked"))}, asked.join(" ")),
};
`,
  );
  vi.spyOn(process, "cwd").mockReturnValue(project);
  notes.length = 0;
});
afterEach(() => rmSync(project, { recursive: true }));

const deployment = (hostId: string, startedBy?: string) =>
  ({
    inputs: { hostId, toplevel: "/nix/store/x-system", ...(startedBy === undefined ? {} : { startedBy }) },
    status: { show: () => {}, note: (text: string) => notes.push(text) },
  }) as unknown as Deployment;

test("a host that its target's module starts is started with the system before anybody connects", async () => {
  expect(await startHost(deployment("new", "a-target/provider"), true)).toBe(true);
  expect(readFileSync(join(project, "asked"), "utf8")).toBe("new /nix/store/x-system");
});

test("a deployment that activates nothing starts no host, and says so where there is none to connect to", async () => {
  expect(await startHost(deployment("new", "a-target/provider"), false)).toBe(false);
  expect(notes).toEqual(["it has no system yet: its first activation starts it"]);
  expect(await startHost(deployment("old", "a-target/provider"), false)).toBe(true);
});

test("other hosts are there", async () => {
  expect(await startHost(deployment("any"), true)).toBe(true);
});
