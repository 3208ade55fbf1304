import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment } from "../setup/env.mjs";
import { workDirectory } from "../setup/places.mjs";

const mark = `FIRN_TRIAL=${randomUUID()}`;
let directory = "";

const program = `
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config();
console.log("plain is", config.require("plain"));
console.error("in stack", pulumi.getStack());
class Thing extends pulumi.dynamic.Resource {
  constructor(name: string) {
    super({ create: async () => ({ id: "1", outs: {} }) }, name, {});
  }
}
new Thing("thing");
const ending = config.get("ending");
if (ending === "message") {
  const error = new pulumi.RunError("this went wrong");
  error.stack = error.message; // Node 20.20 spends 20 s on printing a stack that ends in node_modules/@pulumi/resource.ts.
  throw error;
}
if (ending === "exit") process.exit(7);
if (ending === "never") {
  console.log("waiting");
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}
export const hidden = config.requireSecret("hidden");
`;

beforeAll(async () => {
  mkdirSync(join(workDirectory, "tests"), { recursive: true });
  directory = mkdtempSync(join(workDirectory, "tests", "language-host-"));
  write("index.ts", program);
  write("package.json", `{ "private": true, "type": "module", "main": "index.ts" }`);
  write(
    "Pulumi.yaml",
    `name: trial\nmain: index.ts\nruntime:\n  name: nodejs\n  options: { nodeargs: "--import tsx", typescript: false }\n`,
  );
  await pulumi("stack", "init", "dev");
  await pulumi("config", "set", "plain", "visible");
  await pulumi("config", "set", "--secret", "hidden", "invisible");
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("a program gets its configuration, its output is shown, and its resources are made", async () => {
  const { code, output } = await pulumi("up", "--yes", "--skip-preview");
  expect(output).toContain("plain is visible");
  expect(output).toContain("in stack dev");
  expect(output).toMatch(/pulumi-nodejs:dynamic:Resource thing created/);
  expect(output).not.toContain("invisible");
  expect(code).toBe(0);
});

test("a message that the program raised is shown once, with no noise after it", async () => {
  const { code, output } = await pulumi("preview", "--config", "ending=message");
  const details = output.slice(output.indexOf("Diagnostics:"));
  expect(details.match(/this went wrong/g)).toHaveLength(1);
  expect(details).not.toContain("exit code");
  expect(code).not.toBe(0);
});

test("a program that exits on its own is reported with its exit code", async () => {
  const { code, output } = await pulumi("preview", "--config", "ending=exit");
  expect(output).toContain("Program exited with non-zero exit code: 7");
  expect(code).not.toBe(0);
});

test("an interrupt leaves no process", async () => {
  const { code } = await pulumi("preview", "--config", "ending=never", (output, interrupt) => {
    if (output.includes("waiting")) interrupt();
  });
  expect(code).not.toBe(0);
  for (let tries = 0; tries < 20 && markedProcesses().length > 0; tries++) await sleep(250);
  expect(markedProcesses()).toEqual([]);
});

function write(name: string, content: string) {
  writeFileSync(join(directory, name), content);
}

type Watch = (output: string, interrupt: () => void) => void;

/** Runs Pulumi in the project; a last argument that is a function watches the output. */
function pulumi(...args: [...string[], Watch] | string[]) {
  const watch = typeof args.at(-1) === "function" ? (args.pop() as Watch) : undefined;
  const env = {
    ...environment({ state: join(directory, "state") }),
    [mark.split("=")[0] ?? ""]: mark.split("=")[1],
  };
  const flags = ["--non-interactive", "--color", "never"];
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn("pulumi", [...(args as string[]), ...flags], { cwd: directory, env });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk;
      watch?.(output, () => child.kill("SIGINT"));
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** Command lines of the processes that this test's runs started. */
function markedProcesses() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readQuietly(`/proc/${pid}/environ`).split("\0").includes(mark))
    .map((pid) => readQuietly(`/proc/${pid}/cmdline`).replaceAll("\0", " "));
}

function readQuietly(path: string) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
