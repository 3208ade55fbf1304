import { afterAll, beforeAll, expect, test } from "vitest";
import { type Copiers, copiersTo } from "../bench/copiers.js";
import { machine, type TestMachine } from "./machine.js";
import { fan } from "./store-paths.js";

let box: TestMachine;
let far: Copiers;

beforeAll(async () => {
  box = await machine("h4");
  far = await copiersTo(box, 100);
});

afterAll(async () => {
  await far.close();
  await box.remove();
});

/** Seconds that a copier takes for paths that the machine has not seen. */
async function seconds(name: string, count: number): Promise<number> {
  const copier = far.all.find((each) => each.name === name);
  const path = fan(count);
  const start = performance.now();
  await copier?.copy(path, 120_000);
  const end = performance.now();
  await box.inside(`nix-store --verify-path $(nix-store --query --requisites ${path})`);
  return (end - start) / 1000;
}

test("over 100 ms, many paths take a fraction of the time that one answer a path takes", async () => {
  const own = await seconds("Firn", 120);
  const peer = await seconds("nix-copy-closure", 120);
  expect(peer / own).toBeGreaterThan(3);
});
