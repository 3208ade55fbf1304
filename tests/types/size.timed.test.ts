import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchMemory } from "../bench/memory.js";
import { bigModule, bigProgram } from "./big.js";
import { TypedProject } from "./project.js";

const project = new TypedProject();
beforeAll(() => {
  project.write("big.nix", bigModule(210));
  project.write("index.ts", bigProgram(50));
});
afterAll(() => project.remove());

test("types of 12,000 options are written in 30 s and 1.5 GB", async () => {
  const memory = watchMemory(process.pid);
  const start = performance.now();
  const said = await project.types("big.nix");
  expect(performance.now() - start).toBeLessThan(30_000);
  expect(memory.stop().nix).toBeLessThan(1500);
  expect(Number(/(\d+) options/.exec(said)?.[1])).toBeGreaterThanOrEqual(12_000);
});

test("50 machines compile in 10 s, with no more than twice the recorded work", async () => {
  const start = performance.now();
  const output = await project.compile(["index.ts", "nixos-options.d.ts"], "--extendedDiagnostics");
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(output).not.toContain("error TS");
  const recorded = JSON.parse(readFileSync(join(import.meta.dirname, "benchmark.json"), "utf8")) as Record<
    string,
    number
  >;
  for (const [name, value] of Object.entries(recorded)) {
    const measured = Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(output)?.[1]);
    expect(measured, `${name} in ${output}`).toBeLessThan(value * 2);
  }
});
