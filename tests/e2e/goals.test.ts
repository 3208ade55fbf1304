import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { Project } from "./project.js";

/** How far a deployment goes, and what it leaves to the next one; each test goes on from the one before. */
const project = new Project("goals");
let host: LabContainer;

const program = (version: string, args = "") => `
const hosts = existing({ web: { address: "${host.address}", hostKey: "${host.hostKey}", identity: new pulumi.Config().requireSecret("identity") } });
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: hosts });
const web = net.machine("web", {
  ${args}
  config: {
    boot: { isContainer: true, loader: { initScript: { enable: true } } },
    networking: { useDHCP: false },
    services: { openssh: { enable: true } },
    environment: { etc: { version: { text: "${version}" } } },
  },
});
export const toplevel = web.toplevel;
`;

beforeAll(async () => {
  host = await startContainer("goals");
  project.program(program("one"));
  await project.init();
  await project.pulumi("config", "set", "--secret", "identity", "--", host.identity);
});
afterAll(async () => {
  await project.dispose();
  await host?.remove();
});

const goal = (name: string) => project.pulumi("config", "set", "firn:goal", name);
const inside = async (script: string) => (await host.exec(["sh", "-c", script])).trim();
const runs = () => inside("readlink -f /run/current-system || :");
const boots = () => inside("readlink -f /nix/var/nix/profiles/system || :");
const system = async () => {
  const found = (await project.resources()).find((each) => each.type.endsWith(":System"));
  return { inputs: found?.inputs ?? {}, outputs: found?.outputs ?? {} };
};

async function up(...args: string[]): Promise<string> {
  const result = await project.up(...args);
  expect(result.exitCode, result.output).toBe(0);
  return result.output;
}

test("build: it is said, the machine is not touched, a refresh finds nothing", async () => {
  await goal("build");
  expect(await up()).toContain("goal build: systems are built; nothing else is done");
  expect(host.sshAccepted()).toBe(0);
  expect((await project.outputs()).toplevel).toBe("none");
  expect((await project.refresh()).output).not.toMatch(/\d+ updated/);
});

test("copy goes on from there: the system lies on the machine, safe from its garbage collector", async () => {
  await goal("copy");
  await up();
  const { inputs } = await system();
  expect(await inside(`ls ${inputs.toplevel}/bin`)).toContain("switch-to-configuration");
  expect(await inside("readlink -f /nix/var/nix/gcroots/firn/next")).toBe(inputs.toplevel);
  expect(await runs()).toBe("/run/current-system");
});

test("switch of the same system still activates it", async () => {
  await project.pulumi("config", "rm", "firn:goal");
  const preview = await project.preview();
  expect(preview.output).toContain("an earlier run with the goal copy has prepared this system");
  await up();
  const { inputs, outputs } = await system();
  expect([await runs(), await boots()]).toEqual([inputs.toplevel, inputs.toplevel]);
  expect(outputs).toMatchObject({ toplevel: inputs.toplevel, bootDefault: inputs.toplevel, goal: "switch" });
  expect(await up()).not.toMatch(/\d+ updated/);
});

test("dry-activate shows what would happen, and the state keeps what runs", async () => {
  const before = await runs();
  project.program(program("two", `goal: "dry-activate",`));
  expect(await up()).toContain("would activate the configuration");
  expect(await runs()).toBe(before);
  expect((await project.outputs()).toplevel).toBe(before);
});

test("test runs it, is no drift, and a switch makes it the boot default", async () => {
  const before = await boots();
  project.program(program("two", `goal: "test",`));
  await up();
  const { inputs } = await system();
  expect([await runs(), await boots()]).toEqual([inputs.toplevel, before]);
  expect((await project.refresh()).output).not.toMatch(/\d+ updated/);
  project.program(program("two"));
  await up();
  expect([await runs(), await boots()]).toEqual([inputs.toplevel, inputs.toplevel]);
});

test("boot starts with the next boot, which a refresh finds", async () => {
  const before = await runs();
  project.program(program("three", `goal: "boot",`));
  await up();
  const { inputs } = await system();
  expect([await runs(), await boots()]).toEqual([before, inputs.toplevel]);
  const bootId = host.bootId();
  await host.exec(["systemctl", "reboot"]).catch(() => {}); // the shell goes down with it
  for (let tries = 0; tries < 300 && host.bootId() === bootId; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await system()).outputs).toMatchObject({ toplevel: before, bootDefault: inputs.toplevel });
  expect((await project.refresh()).exitCode).toBe(0);
  expect((await system()).outputs).toMatchObject({ toplevel: inputs.toplevel, bootDefault: inputs.toplevel });
  project.program(program("three"));
  expect(await up()).not.toMatch(/\d+ updated/);
});

test("a preview says the goal, and refuses one that is none", async () => {
  await goal("copy");
  expect((await project.preview()).output).toContain("goal copy: ");
  await goal("swtich");
  const result = await project.preview();
  expect(result.output).toContain('firn:goal is "swtich", which is none of build, copy, dry-activate');
});
