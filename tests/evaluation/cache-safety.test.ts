import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run, TestNetwork } from "./network.js";

/** Damage to the cache: runs side by side, killed runs, broken files and collected derivations. */
let net: TestNetwork;
beforeEach(() => {
  net = new TestNetwork("cache-safety");
});
afterEach(() => net.dispose());

const text = (value: unknown) => ({ config: { environment: { etc: { marker: { text: value } } } } });
const cacheDirectory = () => join(net.root, ".firn", "cache", "evaluations");

test("two runs at once have the same result, and leave a cache that holds", async () => {
  const machines = { a: text("one"), b: text("two") };
  const [first, second] = await Promise.all([net.evaluate(machines), net.evaluate(machines)]);
  expect(second.evaluated).toEqual(first.evaluated);
  rmSync(cacheDirectory(), { recursive: true });
  await Promise.all([net.evaluateAndKill(machines, 60_000), net.evaluate(machines)]);
  const last = await net.evaluate(machines);
  expect(last.nix).toEqual([]);
  expect(last.evaluated).toEqual(first.evaluated);
});

test("two runs at once that say different things do not get each other's results", async () => {
  const say = (word: string) => ({ a: text(word), b: text(`b ${word}`) });
  const alone = new TestNetwork("cache-alone");
  const expected = await Promise.all(["one", "two"].map((word) => alone.evaluate(say(word)))).finally(() =>
    alone.dispose(),
  );
  const both = await Promise.all([net.evaluate(say("one")), net.evaluate(say("two"))]);
  for (const [index, word] of ["one", "two"].entries()) {
    expect(both[index]?.evaluated).toEqual(expected[index]?.evaluated);
    expect((await net.evaluate(say(word))).evaluated).toEqual(expected[index]?.evaluated);
  }
});

test("a module that is changed while it is evaluated is not taken for what it was before", async () => {
  const machines = { a: { modules: [{ path: "a.nix" }] } };
  net.write("a.nix", '{ environment.etc.marker.text = "one"; }');
  net.beforeNix(
    `case "$*" in *names*) echo '{ environment.etc.marker.text = "two"; }' > ${net.root}/a.nix;; esac`,
  );
  const changed = await net.evaluate(machines);
  rmSync(net.hook);
  net.write("a.nix", '{ environment.etc.marker.text = "one"; }');
  const back = await net.evaluate(machines);
  expect(back.nix).toEqual(["a"]);
  expect(back.evaluated.get("a")?.drvPath).not.toBe(changed.evaluated.get("a")?.drvPath);
});

test("a run killed at any moment leaves nothing that a later one stumbles over", async () => {
  const machines = { a: text("one"), b: text("two") };
  const other = new TestNetwork("cache-whole");
  const whole = await other.evaluate(machines).finally(() => other.dispose());
  await net.evaluateAndKill(machines, 60_000);
  expect((await net.evaluate(machines)).nix, "what is killed below does work when it is not").toEqual([]);
  for (const milliseconds of [150, 200, 250, 300, 350, 400]) {
    rmSync(join(net.root, ".firn", "cache"), { recursive: true, force: true });
    await net.evaluateAndKill(machines, milliseconds);
    const after = await net.evaluate(machines);
    expect(after.evaluated).toEqual(whole.evaluated);
    expect((await net.evaluate(machines)).nix).toEqual([]);
  }
});

test.each([
  ["truncated", (content: string) => content.slice(0, content.length / 2)],
  ["empty", () => ""],
  ["of another shape", () => "[]"],
  ["no object", () => "null"],
])("a cache file that is %s is evaluated anew and put right", async (_what, damage) => {
  const machines = { a: text("one") };
  const first = await net.evaluate(machines);
  for (const name of readdirSync(cacheDirectory())) {
    const entry = join(cacheDirectory(), name);
    writeFileSync(entry, damage(readFileSync(entry, "utf8")));
  }
  const second = await net.evaluate(machines);
  expect(second.nix).toEqual(["a"]);
  expect(second.evaluated).toEqual(first.evaluated);
  expect((await net.evaluate(machines)).nix).toEqual([]);
});

test("a derivation that was collected is written again", async () => {
  const machines = { a: text(`collected ${net.root}`), b: text("two") };
  const first = await net.evaluate(machines);
  const drv = first.evaluated.get("a")?.drvPath ?? "";
  await run("nix-store", ["--delete", drv]);
  const second = await net.evaluate(machines);
  expect(second.nix).toEqual(["a"]);
  expect(second.evaluated).toEqual(first.evaluated);
});
