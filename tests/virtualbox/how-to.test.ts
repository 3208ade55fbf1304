import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { joinSnippets, readPage } from "../e2e/typescript/page.js";
import { containerOf } from "../lab/lab.js";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { useVirtualbox } from "./virtualbox.js";

/** docs/how-to/virtualbox.md, run as it stands; its nixpkgs is the miniature. Each test goes on from the one before. */
const page = readPage(fileURLToPath(new URL("../../docs/how-to/virtualbox.md", import.meta.url)));
const project = new Project("virtualbox-page");
const server = useVirtualbox(project);
const { machines } = server.state;
afterAll(() => project.dispose());

const source = joinSnippets(page.snippets).replace('{ flake: "." }', JSON.stringify({ path: NIXPKGS }));
const find = (name: string) => {
  const found = [...machines.values()].find((vm) => vm.name === `net-dev-${name}`);
  if (!found) throw new Error(`no machine ${name}`);
  return found;
};
const up = async (text: string) => {
  project.write("index.ts", text);
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
};

test("a machine has what the page gives it, and one in a bridged network the address that its guest tells", async () => {
  await project.init();
  await up(source);
  const { settings, forwarding, folders, controllers, snapshots, frontend } = find("web");
  expect(Object.fromEntries(settings)).toMatchObject({
    memory: "3072",
    cpus: "2",
    nic1: "nat",
    nic2: "hostonly",
    "host-only-adapter2": "vboxnet0",
    "nested-hw-virt": "on",
  });
  expect([...forwarding.values()]).toEqual(["firn-8080,tcp,127.0.0.1,8080,,80"]);
  expect([...folders]).toEqual([["project", { path: "/srv/project", readOnly: false }]]);
  expect(frontend).toBe("headless");
  const data = controllers.get("SATA")?.attached.get(2);
  expect(data).toMatchObject({ mode: "writethrough", hotpluggable: true });
  // Before the very first activation, too; a snapshot leaves the volume alone.
  expect(snapshots.map(({ description }) => description)).toEqual([
    expect.stringMatching(/^Before \/nix\/store\/.*-nixos-system-web-.*, taken by Firn$/),
  ]);
  expect(data?.medium).toContain("Firn volumes");

  const { address } = await project.outputs();
  expect(address).toMatch(/^192\.168\.(5[6-9]|6[0-3])\.1\d$/);
  const lan = find("lan");
  expect(settingsOf("lan")).toMatchObject({ nic2: "bridged", "bridge-adapter2": "eth0" });
  const told = (await project.resources()).find(({ urn }) => urn.endsWith("VirtualMachine::net-lan"));
  expect(told?.outputs?.address).toBe(containerOf(lan.machine ?? "").address);
  expect(lan.snapshots).toEqual([]);
});

const settingsOf = (name: string) => Object.fromEntries(find(name).settings);

test("a change takes a snapshot first; ports change while the machine runs", async () => {
  const boot = containerOf(find("web").machine ?? "").bootId();
  const more = 'config: { environment: { etc: { motd: { text: "hello" } } } },\n  target: virtualbox({';
  await up(source.replace("8080: 80", "8081: 80").replace("target: virtualbox({\n", `${more}\n`));
  const web = find("web");
  expect(web.snapshots).toHaveLength(2);
  const system = await containerOf(web.machine ?? "").exec(["readlink", "/run/current-system"]);
  expect(web.snapshots[1]?.description).toBe(`Before ${system.trim()}, taken by Firn`);
  expect([...web.forwarding.values()]).toEqual(["firn-8081,tcp,127.0.0.1,8081,,80"]);
  expect(containerOf(web.machine ?? "").bootId()).toBe(boot);
});

test("a machine that was switched off is found by refresh, and started by the next up", async () => {
  const lan = find("lan");
  await server.answer(["controlvm", lan.uuid, "poweroff"]);
  const refresh = await project.refresh();
  expect(refresh.exitCode, refresh.output).toBe(0);
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
  expect(find("lan")).toMatchObject({ uuid: lan.uuid, isOn: true });
});

test("destroy leaves nothing, and takes no folder of the user's along", async () => {
  const { exitCode, output } = await project.destroy();
  expect(exitCode, output).toBe(0);
  expect([machines.size, server.state.media.size, server.state.hostOnly, [...server.state.notes]]).toEqual([
    0,
    0,
    [],
    [],
  ]);
});
