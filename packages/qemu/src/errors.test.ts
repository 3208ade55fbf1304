import { expect, test } from "vitest";
import { hintFor } from "./errors.js";
import { run } from "./run.js";

test("what QEMU says is explained", () => {
  const said =
    "qemu-system-x86_64: -netdev user: Could not set up host forwarding rule 'tcp:127.0.0.1:8080-:80'";
  expect(hintFor(said)).toContain("A port of this computer is taken");
  expect(hintFor("cannot set up guest memory 'pc.ram': Cannot allocate memory")).toContain("lower `memory`");
  expect(hintFor('Failed to get "write" lock')).toContain("Another QEMU has the disk");
  expect(hintFor("something else")).toBe("");
});

test("a computer without QEMU is told how to get it", async () => {
  await expect(run("qemu-img-that-is-not-there", [])).rejects.toThrow(
    /no qemu-img-that-is-not-there[\s\S]*apt install/,
  );
  await expect(run("qemu-img", ["info", "/nonexistent"])).rejects.toThrow(
    /qemu-img ended with 1:[\s\S]*nonexistent/,
  );
});
