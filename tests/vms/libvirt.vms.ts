import { execFile } from "node:child_process";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Project, type PulumiResult } from "../e2e/project.js";
import { type Libvirtd, startLibvirtd } from "../lab/libvirtd.js";
import { labVmImage } from "./vm.js";

/**
 * Two machines that libvirt emulates: boot loader, initial ramdisk, kernel and reboots are real. Each test goes on from
 * the one before.
 */
const project = new Project("libvirt");
const run = promisify(execFile);
let lab: Libvirtd;
let pool: string;
let url: string;

interface Options {
  readonly greeting?: string;
  readonly disk?: number;
  readonly kernel?: string;
  readonly slow?: string;
}

const program = ({ greeting = "one", disk = 2, kernel = "linuxPackages_cloud", slow }: Options = {}) =>
  project.program(`import { libvirt } from "@firn/libvirt";
const target = libvirt({
  uri: ${JSON.stringify(lab.uri)}, image: ${JSON.stringify(labVmImage())}, memory: 384, cpus: 1, disk: ${disk},
  network: { mode: "isolated" }, acceleration: "emulation", bootTimeout: 550,
});
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target, reboot: "when-needed",
  defaults: { config: { boot: { kernelPackages: pkgs.${kernel} } } } });
const db = net.machine("db", {
  config: { services: { minidb: { enable: true, port: 5432, data: { greeting: ${JSON.stringify(greeting)} } } },
    networking: { firewall: { allowedTCPPorts: [5432] } } },
});
const web = net.machine("web", {
  config: { services: { miniweb: { enable: true, port: 80, upstream: pulumi.interpolate\`http://\${db.privateAddress}:5432/greeting\` } },
    networking: { firewall: { allowedTCPPorts: [80] } },
    ${slow === undefined ? "" : `systemd: { services: { slow: { wantedBy: ["multi-user.target"], serviceConfig: { Type: "oneshot", RemainAfterExit: true }, script: "echo ${slow}; sleep 30" } } },`}
  },
});
export const url = pulumi.interpolate\`http://\${web.address}/upstream\`;
`);

beforeAll(async () => {
  lab = await startLibvirtd();
  pool = await lab.pool("default");
  // Machines are reached from where their network is.
  project.write("bin/pulumi", `#!/bin/sh\nPATH=\${PATH#*:} exec ${lab.inside("pulumi").join(" ")} "$@"\n`);
  chmodSync(join(project.directory, "bin", "pulumi"), 0o755);
  project.prependPath("bin");
  program();
  await project.init();
});
afterAll(async () => {
  await lab?.stop();
  await project.dispose();
});

const succeeded = async (result: Promise<PulumiResult>) => {
  const { exitCode, output } = await result;
  expect(exitCode, output).toBe(0);
  return output;
};
const page = async () => {
  const get = "fetch(process.argv[1]).then(async (answer) => process.stdout.write(await answer.text()))";
  const [command = "", ...args] = lab.inside(process.execPath, "-e", get, url);
  return (await run(command, args)).stdout.trim();
};

/** Runs a command on a machine, over the connection that its System has. */
async function inside(machine: string, command: string): Promise<string> {
  const all = await project.resources("--show-secrets");
  const inputs = all.find(({ type, urn }) => type.endsWith(":System") && urn.endsWith(`-${machine}`))?.inputs;
  const plain = (value: unknown): string =>
    typeof value === "string" ? value : JSON.parse((value as { plaintext: string }).plaintext);
  const [identity, known] = ["identity", "known_hosts"].map((name) =>
    join(project.directory, `${machine}.${name}`),
  );
  writeFileSync(identity ?? "", plain(inputs?.identity), { mode: 0o600 });
  const address = plain(inputs?.address);
  writeFileSync(known ?? "", `${address} ${plain(inputs?.hostKey)}\n`);
  const options = [`UserKnownHostsFile=${known}`, "BatchMode=yes", "ConnectTimeout=30"].flatMap((each) => [
    "-o",
    each,
  ]);
  const ssh = ["ssh", "-F", "none", "-i", identity ?? "", ...options, `root@${address}`, command];
  const [program = "", ...args] = lab.inside(...ssh);
  return (await run(program, args)).stdout.trim();
}

test("a preview evaluates, and asks nothing of libvirt", async () => {
  const output = await succeeded(project.preview());
  expect(output).toMatch(/:LibvirtDomain: \(create\)/);
  expect(readdirSync(pool)).toEqual([]);
});

test("two machines boot Debian, become NixOS with a kernel of their own, and talk over their isolated network", async () => {
  const output = await succeeded(project.up());
  expect(output).not.toContain("has no KVM");
  url = (await project.outputs()).url ?? "";
  expect(await page()).toBe("one");
  expect(
    await inside("web", "cat /etc/NIXOS /etc/hostname; uname -r; readlink -f /run/booted-system"),
  ).toMatch(/^web\n6\.12\..*\n\/nix\/store\//m);
  // Nobody leads out.
  await expect(inside("web", "ip route get 192.0.2.1")).rejects.toThrow(/unreachable/);
});

test("a second up changes nothing", async () => {
  expect(await succeeded(project.up())).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  expect(project.evaluations()).toBeGreaterThan(0);
});

test("a change is deployed and disks grow while the machines run", async () => {
  const boots = () =>
    Promise.all(["web", "db"].map((name) => inside(name, "cat /proc/sys/kernel/random/boot_id")));
  const before = await boots();
  program({ greeting: "two", disk: 3 });
  await succeeded(project.up());
  expect(await page()).toBe("two");
  expect(Number(await inside("web", "df -k / | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2"))).toBeGreaterThan(
    2.5 * 2 ** 20,
  );
  expect(await boots()).toEqual(before);
});

test("a disk does not shrink, and the preview says so", async () => {
  program({ greeting: "two", disk: 2 });
  const { exitCode, output } = await project.preview();
  expect(exitCode).not.toBe(0);
  expect(output).toContain("disks do not shrink: 2 GiB is less");
});

test("a power cut during an activation leaves the old system; the next run brings the new one", async () => {
  program({ greeting: "three", disk: 3, slow: "first" });
  const old = await inside("web", "readlink -f /run/current-system");
  const up = project.start("pulumi", [
    "--non-interactive",
    "--color",
    "never",
    "up",
    "--yes",
    "--skip-preview",
  ]);
  for (let asked = 0; ; asked += 1) {
    if ((await inside("web", "systemctl is-active slow || :").catch(() => "")) === "activating") break;
    if (asked === 240) throw new Error(`the activation did not begin: ${up.output()}`);
    await sleep(500);
  }
  await lab.virsh("destroy", "net-dev-web");
  await lab.virsh("start", "net-dev-web");
  expect((await up.result).exitCode, up.output()).not.toBe(0);
  expect(await inside("web", "readlink -f /run/current-system")).toBe(old);
  program({ greeting: "three", disk: 3 });
  await succeeded(project.up());
  expect(await page()).toBe("three");
});

test("another kernel is booted", async () => {
  program({ greeting: "three", disk: 3, kernel: "linuxPackages_cloud_6_1" });
  await succeeded(project.up());
  expect(await inside("db", "uname -r")).toMatch(/^6\.1\./);
  expect(await page()).toBe("three");
});

test("a machine that was switched off is started again, with its address", async () => {
  await lab.virsh("destroy", "net-dev-db");
  expect(await succeeded(project.up("--refresh"))).toMatch(/LibvirtDomain.*updated/);
  expect(await page()).toBe("three");
});

test("destroy leaves nothing", async () => {
  await succeeded(project.destroy());
  expect(readdirSync(pool)).toEqual([]);
  expect(await lab.virsh("list", "--all", "--name")).toBe("");
  expect(await lab.virsh("net-list", "--all", "--name")).toBe("");
});
