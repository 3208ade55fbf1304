import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { answersArp, freePort, labVmImage, sshTo } from "./vm.js";

let project: Project;
let state: string;
let web: number;
let other: number;

/** The tests go on from one another: a virtual machine that is computed takes a quarter of a minute to boot. */
beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), "firn-vm-"));
  project = new Project("vm");
  project.setEnvironment("FIRN_QEMU_STATE", state);
  [web, other] = [await freePort(), await freePort()];
  await project.init();
});
afterAll(async () => {
  await project.dispose();
  rmSync(state, { recursive: true, force: true });
});

interface Wanted {
  readonly text?: string;
  readonly kernel?: string;
  readonly disk?: number;
  readonly port?: number;
}

function program({ text = "hello", kernel = "linuxPackages_cloud", disk = 2, port = web }: Wanted): void {
  project.program(`
import { qemu } from "@firn/qemu";
const net = new Network("lab", {
  nixpkgs: NIXPKGS,
  stateVersion: "26.05",
  target: qemu({ image: ${JSON.stringify(labVmImage())}, memory: 384, disk: ${disk}, ports: { ${port}: 80 }, snapshots: 1 }),
});
net.machine("a", {
  reboot: "when-needed",
  config: {
    boot: { kernelPackages: pkgs.${kernel} },
    services: { miniweb: { enable: true, text: ${JSON.stringify(text)} } },
  },
});
`);
}

async function up(): Promise<string> {
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
  return output;
}

const machine = async () =>
  (await project.resources()).find(({ type }) => type.endsWith("QemuMachine"))?.outputs as {
    sshPort: number;
    privateAddress: string;
    privateNetwork: string;
    running: boolean;
  };
const onA = async (command: string) => sshTo(project, "a", (await machine()).sshPort, command);
const page = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`)).text();

test("Debian becomes NixOS in place, with a kernel, an initial ramdisk and GRUB of its own; host key and address stay", async () => {
  program({});
  const output = await up();
  expect(output).toContain("QEMU computes them");
  expect(await page(web)).toContain("hello");
  expect(await onA("uname -r; ls -d /old-root/usr; cat /etc/hostname")).toMatch(
    /^6\.12\.\S+cloud-amd64\n\/old-root\/usr/,
  );
});

test("a change is deployed; ports and the disk change while the machine runs; it answers in its private network", async () => {
  const before = await onA("cat /proc/sys/kernel/random/boot_id");
  program({ text: "changed", disk: 3, port: other });
  await up();
  expect(await page(other)).toContain("changed");
  await expect(page(web)).rejects.toThrow();
  const [bootId, sectors] = (await onA("cat /proc/sys/kernel/random/boot_id /sys/block/vda/size")).split(
    "\n",
  );
  expect(bootId).toBe(before);
  expect(Number(sectors) * 512).toBe(3 * 2 ** 30);
  const { privateAddress, privateNetwork } = await machine();
  expect(await answersArp(state, privateNetwork, privateAddress)).toBe(true);
});

test("another kernel is booted by GRUB, and the file system fills the larger disk", async () => {
  program({ text: "changed", disk: 3, port: other, kernel: "linuxPackages_cloud_6_1" });
  await up();
  expect(await onA("uname -r")).toMatch(/^6\.1\.\S+cloud-amd64$/);
  expect(Number(await onA("df --output=size -B1 / | tail -n 1"))).toBeGreaterThan(2.5 * 2 ** 30);
  expect(await page(other)).toContain("changed");
});

test("destroy leaves nothing", async () => {
  const { exitCode, output } = await project.destroy();
  expect(exitCode, output).toBe(0);
  expect(() => readdirSync(state)).toThrow("ENOENT");
});
