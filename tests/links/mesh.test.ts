import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { containerOf } from "../lab/lab.js";
import { raiseInotifyLimit } from "../lab/limits.mjs";
import { linkImage } from "./image.js";

/** Twenty machines, each linked with every other one. */
const COUNT = 20;
const project = new Project("mesh");
const putBack = raiseInotifyLimit(COUNT + 1);
let image = "";

const program = (count: number) => `
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container({ image: ${JSON.stringify(image)} }) });
net.mesh();
for (let i = 0; i < ${count}; i += 1) net.machine("m" + i);
`;

beforeAll(async () => {
  image = await linkImage();
  project.program(program(COUNT));
  await project.init();
});
afterAll(async () => {
  await project.dispose();
  putBack();
});

test("one up, and everyone reaches everyone by name", async () => {
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  const ids = (await project.resources()).flatMap((each) =>
    each.type.endsWith(":Container") && each.id !== undefined ? [each.id] : [],
  );
  expect(ids).toHaveLength(COUNT);
  const names = Array.from({ length: COUNT }, (_, index) => `m${index}`).join(" ");
  const script = `for name in ${names}; do busybox ping -c 2 -W 2 -q $name >/dev/null || echo "$name is silent"; done`;
  const silent = await Promise.all(ids.map((id) => containerOf(id).exec(["sh", "-c", script])));
  expect(silent.join("")).toBe("");
});

test("one more machine changes each of the others by its one peer", async () => {
  const files = () =>
    Array.from({ length: COUNT }, (_, index) => project.read(`.firn/dev/net/m${index}.links.nix`));
  const before = files();
  project.program(program(COUNT + 1));
  const result = await project.preview();
  expect(result.exitCode, result.output).toBe(0);
  for (const [index, after] of files().entries()) {
    const known = new Set(before[index]?.split("\n"));
    const added = after.split("\n").filter((line) => line.includes("allowedIPs") && !known.has(line));
    const gone = (before[index] ?? "")
      .split("\n")
      .filter((line) => line.includes("allowedIPs") && !after.includes(line));
    expect([added.length, gone.length]).toEqual([1, 0]);
  }
});
