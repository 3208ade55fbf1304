import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { Project, type ResourceState } from "./project.js";

/** A state as version 0.1.0 wrote it; its machine is long gone, and its keys were taken out. */
const STATE = fileURLToPath(new URL("states/0.1.0.json", import.meta.url));

const project = new Project("older");

afterAll(() => project.dispose());

test("a stack that an older build made is destroyed", async () => {
  project.program("");
  await project.init();
  const imported = await project.pulumi("stack", "import", "--file", STATE);
  expect(imported.exitCode, imported.output).toBe(0);
  expect((await project.resources()).length).toBeGreaterThan(5);
  const destroyed = await project.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
  expect(await project.resources()).toEqual([]);
});

test("upgrading the package changes no state: the same program leaves every resource as it is", async () => {
  const program = `
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
net.machine("one", {});
`;
  project.program(program);
  expect((await project.up()).exitCode).toBe(0);
  const before = await project.resources();
  // Another place and another loader, as after an upgrade: what is serialized must not notice.
  project.write(
    "Pulumi.yaml",
    project.read("Pulumi.yaml").replace(/nodeargs: ".*"/, 'nodeargs: "--import tsx"'),
  );
  const again = await project.up();
  expect(again.output).toMatch(/7 unchanged/);
  // By URN: resources that wait for nothing of each other are listed as they came.
  const kept = (resources: readonly ResourceState[]) =>
    Object.fromEntries(resources.map((each) => [each.urn, [each.id, each.inputs?.__provider]]));
  expect(kept(await project.resources())).toEqual(kept(before));
});
