import { afterAll, beforeAll, expect, test } from "vitest";
import { findLeftovers } from "../../packages/container/src/clean.js";
import { Project, type Running } from "../e2e/project.js";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { DeployerGate } from "./deployer-gate.js";
import { killAtOnce, processTree } from "./processes.js";
import { until } from "./until.js";

/** Machines that are being made when the deployer dies. */
const project = new Project("creating");
const gate = new DeployerGate(project, "setsid", "half");

const program = (version: string) => `
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
for (const name of ["half", "other"]) net.machine(name, { config: { environment: { etc: { version: { text: "${version}" } } } } });
`;

beforeAll(async () => {
  project.program(program("1"));
  await project.init();
});
afterAll(() => project.dispose());

const made = async () => (await findLeftovers()).filter(({ what }) => what.includes(" creating-dev-net-"));
const start = () =>
  project.start("pulumi", ["--non-interactive", "--color", "never", "up", "--yes", "--skip-preview"]);

async function machine(name: string): Promise<LabContainer> {
  const found = (await project.resources()).find(({ urn }) => urn.endsWith(`:Container::net-${name}`));
  return containerOf(found?.id ?? "");
}

/** What the next one reads, and what helps. */
async function goOn(): Promise<void> {
  const locked = await project.up();
  expect(locked.output).toMatch(/the stack is currently locked by 1 lock.*`pulumi cancel`/s);
  expect((await project.pulumi("cancel", "--yes")).exitCode).toBe(0);
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  for (const name of ["half", "other"])
    expect(await (await machine(name)).exec(["cat", "/etc/version"])).toBe("1");
  const leftovers = (await made()).map(({ kind, what }) => `${kind} ${what}`);
  expect(leftovers, "two machines and nothing else").toHaveLength(2);
  expect(leftovers.every((each) => each.startsWith("machine "))).toBe(true);
}

test("The deployer is killed while a host is made: the half host is removed, and the next run makes it", async () => {
  gate.hold();
  const running: Running = start();
  await gate.reached();
  killAtOnce(processTree(running.pid));
  await running.result;
  gate.release();
  expect((await made()).map(({ kind }) => kind)).toContain("wreck");
  await goOn();
  const destroyed = await project.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
  expect(await made()).toEqual([]);
});

test("Pulumi is killed while a host is made: the next run takes the host that its provider went on to make", async () => {
  gate.hold();
  const running = start();
  await gate.reached();
  const [pulumi = 0, ...others] = processTree(running.pid);
  killAtOnce([pulumi]);
  gate.release();
  await until(
    "the provider has made both",
    async () => (await made()).filter(({ what }) => what.includes("running")).length === 2,
  );
  await goOn();
  killAtOnce(others);
  await running.result;
});
