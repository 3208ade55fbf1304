import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Project, type PulumiResult } from "../../e2e/project.js";
import { type LabDisk, makeDisk, removeDisk } from "../../lab/disks.js";
import { pageAt } from "../../lab/probe.js";
import { type DedicatedServer, dedicatedServer } from "./dedicated-server.js";
import { PASSWORD, RobotWebService, SERVER, USER } from "./web-service.js";

const run = promisify(execFile);

/** One server's life with Firn; each test goes on from the one before. */
const project = new Project("robot");
let disk: LabDisk;
let server: DedicatedServer;
let service: RobotWebService;
let url: string;

const program = ({ greeting = "one", args = "" }: { greeting?: string; args?: string } = {}) =>
  project.program(`import { robot } from "@firn/hetzner-robot";
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05" });
const web = net.machine("web", {
  target: robot({
    server: ${SERVER}, user: ${JSON.stringify(USER)}, password: new pulumi.Config().requireSecret("robotPassword"), url: "${url}",
    ${args}
    disks: { disk: { main: { type: "disk", device: "${disk.device}", content: { type: "gpt", partitions: {
      boot: { size: "1M", type: "EF02" },
      swap: { size: "64M", content: { type: "swap" } },
      data: { size: "320M", content: { type: "filesystem", format: "xfs", mountpoint: "/srv/data" } },
      root: { size: "100%", content: { type: "filesystem", format: "ext4", mountpoint: "/" } },
    } } } } },
  }),
  config: { services: { miniweb: { enable: true, port: 80, text: ${JSON.stringify(greeting)} } }, networking: { firewall: { allowedTCPPorts: [80] } } },
});
export const page = pulumi.interpolate\`http://\${web.address}/\`;
`);
const inside = async (script: string) => (await server.box().exec(["sh", "-c", script])).trim();
const succeeded = async (result: Promise<PulumiResult>) => {
  const { exitCode, output } = await result;
  expect(exitCode, output).toBe(0);
  expect(output).not.toContain(PASSWORD);
  return output;
};
const failed = async (result: Promise<PulumiResult>) => {
  const { exitCode, output } = await result;
  expect(exitCode, output).not.toBe(0);
  expect(output).not.toContain(PASSWORD);
  return output;
};
const page = async () => pageAt((await project.outputs()).page ?? "");
const confirm = (serial: string) =>
  succeeded(project.pulumi("config", "set", "--path", "firn:eraseDisks.net-web[0]", serial));

beforeAll(async () => {
  disk = await makeDisk(join(project.directory, "disk"), 2400, "FIRN0001");
  // What somebody had on it before.
  await run("mkfs.ext4", ["-q", "-F", disk.loop]);
  server = await dedicatedServer([disk]);
  service = new RobotWebService(server);
  url = await service.listen();
  await project.init();
  await project.setSecret("robotPassword", PASSWORD);
});
afterAll(async () => {
  await project.dispose();
  await service?.close();
  await server?.remove();
  if (disk) await removeDisk(disk);
});

test("a preview ends where nobody has confirmed that the disks may be formatted, and asks nothing of the service", async () => {
  program();
  const output = await failed(project.preview());
  expect(output).toContain(
    `Server ${SERVER} would be reset into its rescue system. ${disk.device} would be partitioned and formatted`,
  );
  expect(output).toContain("pulumi config set --path 'firn:eraseDisks.net-web' empty");
  expect(service.requests).toEqual([]);
});

test("a disk that carries data stops the installation with its serial number; the run after goes on from there", async () => {
  await confirm("OTHER");
  program({ args: 'rdns: "web.example.org",' });
  const output = await failed(project.up());
  expect(output).toContain(
    `${disk.device} carries data (${disk.loop}: ext4). Its serial number is FIRN0001.`,
  );
  expect(output).toContain(
    "If nothing on it is needed: pulumi config set --path 'firn:eraseDisks.net-web[1]' FIRN0001",
  );
  expect(service.requests.filter((each) => !each.startsWith("GET /boot/321/rescue/last"))).toEqual([
    expect.stringMatching(/^GET \/key\/[0-9a-f:]+$/),
    expect.stringMatching(/^POST \/key name=net-dev&data=ssh-ed25519/),
    "GET /server/321",
    expect.stringMatching(/^POST \/rdns\/[\d.]+ ptr=web\.example\.org$/),
    "GET /boot/321/rescue",
    expect.stringMatching(/^POST \/boot\/321\/rescue os=linux&authorized_key=/),
    "GET /reset/321",
    "POST /reset/321 type=hw",
  ]);
  expect([...service.reverseDns.values()]).toEqual(["web.example.org"]);
  expect(await inside("blkid -p -s TYPE -o value /dev/disk/by-id/ata-FIRN0001")).toBe("ext4");

  service.requests.length = 0;
  await confirm("FIRN0001");
  const boot = server.box().bootId();
  await succeeded(project.up());
  // From the rescue system that was booted already into NixOS on the disk.
  expect(service.requests).toEqual([]);
  expect(server.box().bootId()).not.toBe(boot);
  expect(await page()).toContain("one");
  expect(
    await inside("findmnt --noheadings --output FSTYPE / && findmnt --noheadings --output FSTYPE /srv/data"),
  ).toBe("ext4\nxfs");
  expect(await inside("cat /etc/NIXOS; readlink /run/booted-system")).toMatch(
    /^\/nix\/store\/.*nixos-system/,
  );
});

test("the server answers with the stack's host key, and nothing of it or of the password lies open in the state", async () => {
  const state = JSON.stringify(await project.resources());
  expect(state).not.toContain(PASSWORD);
  expect(state).not.toContain("OPENSSH PRIVATE KEY");
  const key = await inside("cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub");
  expect(state).toContain(key);
  expect(server.rescueBoot()?.hostKeys[0]).not.toContain(key);
});

test("a change is deployed without a reset, and needs no confirmation; nothing changed asks nothing", async () => {
  await succeeded(project.pulumi("config", "rm", "firn:eraseDisks"));
  const boot = server.box().bootId();
  program({ greeting: "two", args: 'rdns: "shop.example.org",' });
  await succeeded(project.up());
  expect(await page()).toContain("two");
  expect(server.box().bootId()).toBe(boot);
  expect(service.requests).toEqual(["GET /server/321", expect.stringContaining("ptr=shop.example.org")]);
  service.requests.length = 0;
  expect(await succeeded(project.up())).not.toMatch(/\d+ (created|updated|replaced)/);
  expect(service.requests).toEqual([]);
});

test("destroy takes the key out of the account and leaves the server as it is", async () => {
  const boot = server.box().bootId();
  await succeeded(project.destroy());
  expect(service.keys.size).toBe(0);
  expect(service.requests.filter((each) => !each.startsWith("GET"))).toEqual([
    expect.stringMatching(/^DELETE \/key\//),
  ]);
  expect(server.box().bootId()).toBe(boot);
  expect(await inside("systemctl is-active miniweb")).toBe("active");
});
