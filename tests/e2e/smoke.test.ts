import { afterAll, expect, test } from "vitest";
import { containerOf } from "../lab/lab.js";
import { Project } from "./project.js";

/** The shortest way through everything, for another version of Node. */
const project = new Project("smoke");

afterAll(() => project.dispose());

test("a machine is made, deployed to and removed", async () => {
  project.program(`
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
net.machine("one", { config: { environment: { etc: { probe: { text: "here" } } } } });
`);
  await project.init();
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  const id = (await project.resources()).find((each) => each.type.endsWith(":Container"))?.id ?? "";
  expect(await containerOf(id).exec(["cat", "/etc/probe"])).toBe("here");
  const destroyed = await project.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
});
