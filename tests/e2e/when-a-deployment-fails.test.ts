import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DeployerGate } from "../faults/deployer-gate.js";
import { killAtOnce, processTree } from "../faults/processes.js";
import { until } from "../faults/until.js";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { Project } from "./project.js";
import { readSections } from "./typescript/page.js";

/** docs/how-to/when-a-deployment-fails.md: its commands, each section's in the situation that it is for. */
const page = readSections(
  fileURLToPath(new URL("../../docs/how-to/when-a-deployment-fails.md", import.meta.url)),
);
const project = new Project("failing");
const gate = new DeployerGate(project, "nix-store", "--realise");
const tested = new Set<string>();

const program = (version: string, { script = "true", activation = "true" } = {}) =>
  project.program(`
const shop = new Network("shop", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
shop.machine("web", {
  config: {
    environment: { etc: { version: { text: "${version}" } } },
    systemd: { services: { shop: { wantedBy: ["multi-user.target"], script: "${script}; exec sleep infinity" } } },
    system: { activationScripts: { held: "${activation}" } },
  },
});`);

async function web(): Promise<LabContainer> {
  const found = (await project.resources()).find((each) => each.urn.endsWith(":Container::shop-web"));
  return containerOf(found?.id ?? "");
}
const version = async () => (await web()).exec(["cat", "/etc/version"]);

/** Runs a section's commands as a person would; returns what they said. */
async function follow(section: string): Promise<string> {
  tested.add(section);
  let said = "";
  for (const { machine, command } of page.get(section) ?? []) {
    if (machine === undefined) {
      const { exitCode, output } = await project.run("sh", ["-c", command]);
      expect(exitCode, `${command}\n${output}`).toBe(0);
      said += output;
    } else said += await (await web()).exec(["sh", "-c", command]);
  }
  return said;
}

/** A deployment that fails. */
async function fail(newVersion: string): Promise<string> {
  program(newVersion, { script: "echo no shop today; exit 3" });
  const { exitCode, output } = await project.up();
  expect(exitCode).not.toBe(0);
  return output;
}

beforeAll(async () => {
  program("1");
  await project.init();
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
});
afterAll(() => project.dispose());

test("In which state is my machine?", async () => {
  const failed = await fail("2");
  expect(failed).toMatch(
    /phase activate: web was rolled back and runs \S+ again: units failed: shop\.service/,
  );
  expect(failed).toContain("no shop today");
  const said = await follow("In which state is my machine?");
  expect(said).toMatch(/System shop-web update/);
  expect(await version()).toBe("1");
});

test("What did the machine say?", async () => {
  const said = await follow("What did the machine say?");
  expect(said).toContain("no shop today");
  expect(said).toMatch(
    / firn-activate\[\d+\]: rolled-back: switch of \S+ by \S+@\S+, units failed: shop\.service$/m,
  );
  expect(said).toMatch(/^rolled-back$/m);
  expect(said).toMatch(/^\/nix\/store\/\S+-nixos-system-web/m);
});

test("Run again", async () => {
  program("2");
  await follow("Run again");
  expect(await version()).toBe("2");
});

test("After ^C, a crash or a power cut of your computer", async () => {
  program("3");
  gate.hold();
  const running = project.start("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"]);
  await gate.reached();
  killAtOnce(processTree(running.pid));
  await running.result;
  gate.release();
  expect((await project.up()).output).toContain("the stack is currently locked");
  await follow("After ^C, a crash or a power cut of your computer");
  expect(await version()).toBe("3");
});

test("Go back to an older system", async () => {
  const said = await follow("Go back to an older system");
  expect(said).toMatch(/System shop-web update/);
  expect(await version()).toBe("2");
  program("2");
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
  expect(await version()).toBe("2");
});

test("A machine that is held", async () => {
  program("4", { activation: "sleep 600" });
  const running = project.start("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"]);
  await until("the machine is held", () => running.output().includes("setting up /etc"));
  await follow("A machine that is held");
  const { output } = await running.result;
  expect(output).toMatch(/was rolled back and runs \S+ again: the activation was ended from outside/);
  expect(await version()).toBe("2");
});

test.each(["A full disk", "Damaged files"])("%s", async (section) => {
  await follow(section);
  expect(await version()).toBe("2");
});

test("every command of the page was run", () => {
  expect([...page.keys()].filter((section) => !tested.has(section))).toEqual([]);
});
