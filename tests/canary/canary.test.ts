import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { canariesIn, canary } from "./canary.js";
import { searchFiles } from "./files.js";
import { watchProcesses } from "./processes.js";

// What looks for secrets has to find those that are there.

const bird = canary("bird");
const other = canary("other");
const directory = mkdtempSync(join(tmpdir(), "firn-canary-"));
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
  ["itself", bird.value],
  ["inside of other text", `password=${bird.value};`],
  ["base64, at any offset", Buffer.from(`user:${bird.value}`).toString("base64")],
  ["hexadecimal", Buffer.from(bird.value).toString("hex")],
  ["a digest", createHash("sha256").update(bird.value).digest("hex")],
])("a canary is known by %s", (_what, text) => {
  expect(canariesIn(Buffer.from(text), [bird, other])).toEqual(["bird"]);
});

test("files are searched whole, with their names, but for what may have it", () => {
  const inside = join(directory, "a", "b");
  mkdirSync(inside, { recursive: true });
  const big = join(inside, "big");
  // Across the end of what is read at once.
  writeFileSync(big, Buffer.concat([Buffer.alloc((1 << 20) - 5), Buffer.from(bird.value)]));
  writeFileSync(join(inside, other.value), "");
  const found = searchFiles([directory], [bird, other]);
  expect(found).toContainEqual({ canary: "bird", where: big });
  expect(found).toContainEqual({ canary: "other", where: `the name of ${join(inside, other.value)}` });
  expect(searchFiles([directory], [bird, other], { except: [join(directory, "a")] })).toEqual([]);
});

test("arguments and environments of processes are looked at", async () => {
  const watch = watchProcesses([bird, other]);
  await sleep(1500);
  const child = spawn("sleep", ["20"], { env: { ...process.env, SECRET: other.value } });
  execFileSync("sh", ["-c", `sleep 1; : ${bird.value}`]);
  child.kill();
  const { findings, samples } = await watch.stop();
  expect(samples).toBeGreaterThan(10);
  expect(findings).toContainEqual({
    canary: "bird",
    where: expect.stringContaining("the arguments of sh -c"),
  });
  expect(findings).toContainEqual({
    canary: "other",
    where: expect.stringContaining("the environment of sleep"),
  });
});
