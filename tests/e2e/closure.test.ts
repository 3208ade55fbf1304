import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lastOfConsole } from "../../packages/container/src/last-of-console.js";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import { userland } from "../lab/userland.js";
import { Project } from "./project.js";

const project = new Project("closure");
let programs: string;

const machine = async (name: string): Promise<LabContainer> => {
  const found = (await project.resources()).find(
    (each) => each.type.endsWith("firn:Container") && each.urn.endsWith(`::net-${name}`),
  );
  return containerOf(found?.id ?? "");
};
const toplevel = async (name: string) =>
  String(
    (await project.resources()).find((each) => each.urn.endsWith(`firn:System::net-${name}`))?.outputs
      ?.toplevel,
  );
const inside = async (name: string, script: string) =>
  (await (await machine(name)).exec(["sh", "-c", script])).trim();

const program = (web: string, others = "") =>
  project.program(`
const net = new Network("net", {
  nixpkgs: NIXPKGS,
  stateVersion: "26.05",
  target: container({ from: "closure" }),
  defaults: { config: { system: { userland: pkgs.requireFile(${programs}) } } },
});
net.machine("web", { config: { ${web} } });
net.machine("db", { keys: { token: { text: pulumi.secret("from the stack") } } });
${others}`);
const page = (text: string) => `services: { miniweb: { enable: true, text: "${text}" } }`;
const FAILING = `systemd: { services: { broken: { wantedBy: ["multi-user.target"], serviceConfig: { Type: "oneshot" }, script: "exit 3" } } }`;

/** Reboots a machine as a person on it would, and waits for its page. */
async function reboot(name: string): Promise<string> {
  const host = await machine(name);
  const before = host.bootId();
  await host.exec(["systemctl", "reboot"]).catch(() => "");
  await expect.poll(() => host.bootId(), { timeout: 30_000 }).not.toBe(before);
  return pageAt(`http://${host.address}/`);
}

beforeAll(async () => {
  programs = JSON.stringify(await userland());
  await project.init();
});
afterAll(() => project.dispose());

test("machines come up from nothing but their closures, whose init is PID 1, and share one store", async () => {
  program(page("one"));
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  const web = await machine("web");
  expect(await pageAt(`http://${web.address}/`)).toBe("one");
  for (const name of ["web", "db"]) {
    const system = await toplevel(name);
    expect(await inside(name, "readlink -f /run/booted-system /nix/var/nix/profiles/system")).toBe(
      `${system}\n${system}`,
    );
    expect(await inside(name, "readlink /proc/1/exe")).toMatch(/^\/nix\/store\/.*systemd$/);
    // Nothing of this computer but its store is to be seen, and nothing of that is there twice.
    expect(await inside(name, "ls /mnt; grep -c ' / ' /proc/mounts")).toBe("1");
    const { disk } = (await machine(name)).files();
    const kilobytes = Number(
      execFileSync("du", ["-s", join(disk, "../store/upper")], { encoding: "utf8" }).split("\t")[0],
    );
    expect(kilobytes).toBeLessThan(100);
    expect(JSON.parse(readFileSync(join(disk, "../../container.json"), "utf8"))).not.toHaveProperty("image");
  }
  expect(await lastOfConsole({ id: web.id })).toContain("starting systemd...");
  expect(await inside("db", "cat /run/keys/token")).toBe("from the stack");
  const logs = await project.run("npx", ["firn", "logs", "--unit", "sshd.service", "--lines", "3", "db"]);
  expect(logs.output).toMatch(/^\S+ db sshd/m);
});

test("a system that fails is rolled back, a reboot starts the confirmed one, and a first one has nothing to go back to", async () => {
  program(`${page("two")}, ${FAILING}`, `net.machine("first", { config: { ${FAILING} } });`);
  const up = await project.up("--continue-on-error");
  expect(up.exitCode).not.toBe(0);
  expect(up.output).toMatch(/web was rolled back and runs \S+ again: units failed: broken\.service/);
  expect(up.output).toMatch(
    /first could not activate \S+, and ran no NixOS system before .*: units failed: broken\.service/,
  );
  expect(await pageAt(`http://${(await machine("web")).address}/`)).toBe("one");
  expect(await reboot("web")).toBe("one");
});

test("the next run changes one in place, boots another system where none was confirmed, and powers on what is off", async () => {
  const [web, first, db] = await Promise.all([machine("web"), machine("first"), machine("db")]);
  const boots = [web.bootId(), first.bootId()];
  await db.exec(["systemctl", "poweroff"]).catch(() => "");
  await expect.poll(() => existsSync(join(db.files().disk, "../../ended")), { timeout: 20_000 }).toBe(true);
  expect((await project.refresh("--target", "**firn:Container::net-db")).output).toMatch(/1 updated/);
  program(page("three"), `net.machine("first", { config: { ${page("first")} } });`);
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expect(await pageAt(`http://${web.address}/`)).toBe("three");
  expect(await pageAt(`http://${first.address}/`)).toBe("first");
  expect(web.bootId()).toBe(boots[0]);
  expect(first.bootId()).not.toBe(boots[1]);
  expect(await inside("db", "readlink -f /run/booted-system")).toBe(await toplevel("db"));
  // What it was started with first is another one.
  expect(readlinkSync(join(web.files().disk, "../../system"))).not.toBe(await toplevel("web"));
  expect(await reboot("web")).toBe("three");
  expect(await inside("web", "readlink -f /run/booted-system")).toBe(await toplevel("web"));
});

test("destroy leaves nothing of them", async () => {
  const places = await Promise.all(["web", "db", "first"].map(machine));
  expect((await project.destroy()).exitCode).toBe(0);
  for (const { id } of places) {
    expect(existsSync(join(process.env.FIRN_CONTAINER_STATE ?? "", id))).toBe(false);
    expect(execFileSync("ip", ["-o", "netns"], { encoding: "utf8" })).not.toContain(id.slice(-6));
    expect(execFileSync("ip", ["-o", "link"], { encoding: "utf8" })).not.toContain(id.slice(-6));
  }
});
