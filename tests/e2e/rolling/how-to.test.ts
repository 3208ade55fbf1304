import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { containerOf, type LabContainer } from "../../lab/lab.js";
import { pageAt } from "../../lab/probe.js";
import { NIXPKGS } from "../../mini-nixos/evaluate.js";
import { Project, type PulumiResult } from "../project.js";
import { readCommands } from "./commands.js";

/** docs/how-to/rolling-updates.md, its commands run in their order; its nixpkgs is the miniature. */
const page = readCommands(fileURLToPath(new URL("../../../docs/how-to/rolling-updates.md", import.meta.url)));
const project = new Project("rolling");
const NAMES = ["web-1", "web-2", "web-3"];

beforeAll(async () => {
  symlinkSync(NIXPKGS, join(project.directory, "nixpkgs"));
  project.write("flake.nix", `{ inputs.nixpkgs.url = "path:${NIXPKGS}"; outputs = _: { }; }\n`);
  project.write(".gitignore", ".firn/\nbackend/\n*.log\nnixpkgs\n");
  for (const command of ["git init --quiet", "git add flake.nix", "nix flake lock", "git add flake.lock"])
    expect((await project.run("sh", ["-c", command])).exitCode).toBe(0);
  version("version 1");
  await project.init();
  project.setEnvironment("PULUMI_STACK", "dev");
});
afterAll(() => project.dispose());

function version(text: string): void {
  project.write("index.ts", page.program.replace('"version 1"', JSON.stringify(text)));
}

const queue = [...page.commands];
/** Runs the page's next command. */
async function next(expected: string): Promise<PulumiResult> {
  const command = queue.shift();
  expect(command?.text).toContain(expected);
  const result = await project.run("sh", ["-c", `PULUMI_SKIP_CONFIRMATIONS=1 ${command?.text}`]);
  expect(result.exitCode === 0, result.output).toBe(!command?.fails);
  return result;
}

async function machine(name: string): Promise<LabContainer> {
  const found = (await project.resources()).find((each) => each.urn.endsWith(`:Container::shop-${name}`));
  return containerOf(found?.id ?? "");
}

const inside = async (name: string, script: string) =>
  (await (await machine(name)).exec(["sh", "-c", script])).trim();
const pages = () =>
  Promise.all(NAMES.map(async (name) => pageAt(`http://${(await machine(name)).address}/`)));
/** From when until when a machine's last activation went, by this computer's clock. */
const interval = (name: string) =>
  inside(name, "stat -c %.3Y /run/firn/last/owner /run/firn/last/outcome").then((text) =>
    text.split("\n").map(Number),
  );

test("machines of a tag are activated one after the other, in the order of the program, also the first time", async () => {
  await next("pulumi up");
  expect(await pages()).toEqual(["version 1", "version 1", "version 1"]);
  const [first, second, third] = await Promise.all(NAMES.map(interval));
  expect(first?.[1]).toBeLessThanOrEqual(second?.[0] ?? 0);
  expect(second?.[1]).toBeLessThanOrEqual(third?.[0] ?? 0);
});

test("a bad version stops at the first machine; the others say why they were left alone", async () => {
  version("broken");
  const { output } = await next("--continue-on-error");
  expect(output).toMatch(/machine "web-1", phase activate: web-1 was rolled back/);
  expect(output).toContain('The rolling update of "web" stops here');
  for (const name of ["web-2", "web-3"])
    expect(output).toContain(
      `machine "${name}", phase rolling update: not deployed: the rolling update of "web" stopped after web-1 (phase activate:`,
    );
  expect(await pages()).toEqual(["version 1", "version 1", "version 1"]);
});

test("the next up goes on with all of them, whatever the engine does at the same time", async () => {
  version("version 2");
  await next("pulumi up");
  expect(await pages()).toEqual(["version 2", "version 2", "version 2"]);
});

test("one machine alone, then the rest", async () => {
  version("version 3");
  await next("--target");
  expect(await pages()).toEqual(["version 3", "version 2", "version 2"]);
  await next("pulumi up");
  expect(await pages()).toEqual(["version 3", "version 3", "version 3"]);
});

test("copied ahead of time, activated later", async () => {
  version("version 4");
  await next("config set firn:goal copy");
  expect((await next("pulumi up")).output).toContain("goal copy");
  expect(await pages()).toEqual(["version 3", "version 3", "version 3"]);
  await next("config rm");
  await next("pulumi up");
  expect(await pages()).toEqual(["version 4", "version 4", "version 4"]);
  expect(queue).toEqual([]);
});

test("with --parallel 1 a bad version stops at the first machine as well", async () => {
  version("broken");
  const failed = await project.up("--continue-on-error", "--parallel", "1");
  expect(failed.output.match(/phase rolling update: not deployed/g)?.length).toBeGreaterThanOrEqual(2);
  expect(await pages()).toEqual(["version 4", "version 4", "version 4"]);
});

test("dependsOn: who comes after a machine that fails is left alone, without a tag too", async () => {
  const chained = page.program
    .replace(/\n {2}rolling:.*/, "")
    .replace("for (const name", "let before: pulumi.Resource[] = [];\nfor (const name")
    .replace("  shop.machine(name", "  before = [shop.machine(name")
    .replace(/\n {2}\}\);\n$/, "\n  }, { dependsOn: before })];\n")
    .replace('"version 1"', '"broken"');
  project.write("index.ts", `import * as pulumi from "@pulumi/pulumi";\n${chained}`);
  const failed = await project.up("--continue-on-error");
  expect(failed.output).toMatch(/machine "web-1", phase activate: web-1 was rolled back/);
  expect(failed.output).not.toMatch(/machine "web-[23]"/);
  expect(await pages()).toEqual(["version 4", "version 4", "version 4"]);
});

test("generations beyond those to keep are gone; both sides keep what a way back needs", async () => {
  const generations = await inside("web-1", "ls -d /nix/var/nix/profiles/system-*-link | wc -l");
  expect(Number(generations)).toBe(4);
  project.write("index.ts", page.program.replace("keepGenerations: 5", "keepGenerations: 1"));
  expect((await project.up()).exitCode).toBe(0);
  const links = await inside("web-1", "readlink -f /nix/var/nix/profiles/system-*-link");
  const current = await inside("web-1", "readlink -f /run/current-system");
  const previous = await inside("web-1", "readlink -f /nix/var/nix/gcroots/firn/previous");
  // version 1 again: its first generation and the new one are the same system.
  expect(new Set(links.split("\n"))).toEqual(new Set([current, previous]));

  const roots = ".firn/dev/shop/roots";
  await project.preview();
  const kept = await project.run("sh", ["-c", `readlink ${roots}/web-1 ${roots}/web-1.previous`]);
  expect(kept.output.trim().split("\n")).toEqual([current, previous]);
  const rooted = await project.run("sh", ["-c", `nix-store --gc --print-roots | grep -c "${roots}/web-1"`]);
  expect(rooted.output.trim().split("\n").at(-1)).toBe("2");

  project.write("index.ts", page.program.replace('"web-1", ', ""));
  expect((await project.up()).exitCode).toBe(0);
  expect((await project.run("ls", [roots])).output).not.toContain("web-1");
});
