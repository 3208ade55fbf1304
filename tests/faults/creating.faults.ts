import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLeftovers } from "../../packages/container/src/clean.js";
import { Project } from "../e2e/project.js";
import { containerOf } from "../lab/lab.js";
import { ssh } from "../lab/probe.js";
import { DeployerGate } from "./deployer-gate.js";
import { type Facts, readFacts, WHOLLY } from "./facts.js";
import { titleOf } from "./fault.js";
import { figure } from "./figures.js";
import { REPETITIONS } from "./matrix.js";
import { validateState } from "./outcome.js";
import { killAtOnce, processTree } from "./processes.js";
import { HOST_HALF_MADE, HOST_NOT_NOTED } from "./rows/creating.js";
import { until } from "./until.js";

const MACHINES = ["half", "other"];
const project = new Project("creating");
const gate = new DeployerGate(project, "setsid", "half");

beforeAll(async () => {
  project.program(`
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
for (const name of ${JSON.stringify(MACHINES)}) net.machine(name, { modules: ["system.nix"], config: { version: "1" } as {} });
`);
  project.write("system.nix", readFileSync(new URL("machine/system.nix", import.meta.url), "utf8"));
  await project.init();
});
afterAll(() => project.dispose());

const made = async () => (await findLeftovers()).filter(({ what }) => what.includes(" creating-dev-net-"));
const start = () =>
  project.start("pulumi", ["--non-interactive", "--color", "never", "up", "--yes", "--skip-preview"]);

/** What a machine runs, asked with the keys that the stack has. */
async function factsOf(machine: string): Promise<Facts> {
  const resources = await project.resources("--show-secrets");
  const find = (end: string) => resources.find(({ urn }) => urn.endsWith(end));
  const { address, hostKey } = containerOf(find(`:Container::net-${machine}`)?.id ?? "");
  const identity = find(`:System::net-${machine}`)?.inputs?.identity as { plaintext: string };
  return readFacts(await ssh({ address, hostKey, identity: JSON.parse(identity.plaintext) }, WHOLLY));
}

/** What the next one reads, and what helps. */
async function goOn(): Promise<void> {
  const locked = await project.up();
  expect(locked.output).toMatch(/the stack is currently locked by 1 lock.*`pulumi cancel`/s);
  expect((await project.pulumi("cancel", "--yes")).exitCode).toBe(0);
  expect(await validateState(project)).toBeUndefined();
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  for (const name of MACHINES)
    expect(await factsOf(name)).toMatchObject({ version: "1", absentKeys: 0, differs: [] });
  const there = (await made()).map(({ kind, what }) => `${kind} ${what}`);
  expect(there, "two machines and nothing else").toHaveLength(2);
  expect(there.every((each) => each.startsWith("machine "))).toBe(true);
  const again = await project.pulumi("preview", "--expect-no-changes");
  expect(again.exitCode, again.output).toBe(0);
  expect(again.output).not.toContain("pending operations");
}

async function destroyAll(): Promise<void> {
  const destroyed = await project.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
  expect(await made()).toEqual([]);
}

describe.each(REPETITIONS)("while a host is made, %i", () => {
  test(titleOf(HOST_HALF_MADE), async () => {
    gate.hold();
    const running = start();
    await gate.reached();
    killAtOnce(processTree(running.pid));
    await running.result;
    gate.release();
    // A killed process is there until the kernel has taken its memory back.
    await until("the half machine counts as one", async () =>
      (await made()).some(({ kind }) => kind === "wreck"),
    );
    await goOn();
    figure(HOST_HALF_MADE, await factsOf("half"));
    await destroyAll();
  });

  test(titleOf(HOST_NOT_NOTED), async () => {
    gate.hold();
    const running = start();
    await gate.reached();
    const [pulumi = 0, ...others] = processTree(running.pid);
    killAtOnce([pulumi]);
    gate.release();
    const areMade = async () => (await made()).filter(({ what }) => what.includes(", running,")).length === 2;
    await until("its provider has made both", areMade);
    const ids = (await made()).map(({ what }) => what);
    await goOn();
    expect(
      (await made()).map(({ what }) => what),
      "the same machines",
    ).toEqual(ids);
    figure(HOST_NOT_NOTED, await factsOf("half"));
    killAtOnce(others);
    await running.result;
    await destroyAll();
  });
});
