import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type * as sdk from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type MadeResource, machinesOf, mockResources, provisioned } from "../../nixos/src/testing/target.js";
import type { HcloudArgs } from "./args.js";
import { hcloud } from "./target.js";

let made: MadeResource[];

beforeAll(async () => {
  made = await mockResources(({ type, inputs }) => {
    if (type !== "hcloud:index/server:Server") return {};
    const networks = (inputs.networks as object[] | undefined)?.map((each) => ({ ...each, ip: "10.0.0.2" }));
    return { ipv4Address: "203.0.113.1", ipv6Address: "2001:db8::1", ...(networks ? { networks } : {}) };
  });
});
beforeEach(() => {
  made.length = 0;
});

const kinds = () => made.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
const inputsOf = (kind: string) => made.find(({ type }) => type.endsWith(`:${kind}`))?.inputs;
const base = { serverType: "cx23", location: "fsn1" };
const make = (args: Partial<HcloudArgs>, machine = machinesOf()("web")) =>
  provisioned(hcloud({ ...base, ...args }).provision(machine, {}), made);

test("a machine is a server in a network of its zone, behind a firewall of its own", async () => {
  const host = await make({}, machinesOf({ allowedTCPPorts: [22, 80] })("web", { tags: ["public"] }));
  expect(host).toMatchObject({
    address: "203.0.113.1",
    privateAddress: "10.0.0.2",
    privateNetwork: "hcloud/shop/eu-central",
    mtu: 1450,
  });
  expect(kinds()).toEqual([
    "Firewall shop-web",
    "FirewallAttachment shop-web",
    "Network shop-eu-central",
    "NetworkSubnet shop-eu-central",
    "Server shop-web",
    "SshKey shop",
  ]);
  expect(inputsOf("Server")).toMatchObject({
    name: "shop-prod-web",
    serverType: "cx23",
    location: "fsn1",
    image: "debian-13",
    labels: { "firn-machine": "web", "firn-network": "shop", "firn-stack": "prod", "firn-tag-public": "" },
    networks: [{ networkId: expect.any(Number), aliasIps: [] }],
    sshKeys: [expect.any(String)],
  });
  expect(inputsOf("Firewall")).toMatchObject({
    rules: [
      { direction: "in", protocol: "tcp", port: "22", sourceIps: ["0.0.0.0/0", "::/0"] },
      { direction: "in", protocol: "tcp", port: "80" },
      { protocol: "udp", port: "51820", sourceIps: ["203.0.113.7/32", "2001:db8::7/128"] },
      { direction: "in", protocol: "icmp" },
    ],
  });
});

test("user data carries the temporary host key, which the lasting one replaces", async () => {
  expect(await make({})).toMatchObject({
    hostKey: "ssh-ed25519 LASTING",
    temporaryHostKey: "ssh-ed25519 TEMPORARY",
  });
  const { userData } = inputsOf("Server") ?? {};
  expect(JSON.stringify(userData)).toContain("PRIVATE TEMPORARY");
  expect(JSON.stringify(userData)).not.toContain("LASTING");
});

test("machines of a zone share its network, and all share the key", async () => {
  const machine = machinesOf();
  for (const location of ["fsn1", "nbg1", "ash"]) await make({ location }, machine(location));
  expect(kinds().filter((kind) => !/^(Server|Firewall|FirewallAttachment) /.test(kind))).toEqual([
    "Network shop-eu-central",
    "Network shop-us-east",
    "NetworkSubnet shop-eu-central",
    "NetworkSubnet shop-us-east",
    "SshKey shop",
  ]);
});

test("a network and a firewall may be given, or none", async () => {
  const given = await make({ network: 7, firewall: 8, firewallIds: [9] });
  expect(given.privateNetwork).toBe("hcloud/7");
  expect(inputsOf("Server")).toMatchObject({ networks: [{ networkId: 7 }], firewallIds: [8, 9] });
  made.length = 0;
  const alone = await make({ network: false, firewall: false });
  expect(alone.privateAddress).toBe("203.0.113.1");
  expect(alone.mtu).toBeUndefined();
  expect(kinds()).toEqual(["Server shop-web", "SshKey shop"]);
});

test("every argument of the server can be given, and every raw resource changed", async () => {
  const floatingIp = { id: pulumi.output("77"), ipAddress: pulumi.output("203.0.113.9") };
  const { module } = await make({
    backups: true,
    deleteProtection: true,
    labels: { team: "web" },
    rdns: "web.example.org",
    volumes: { data: { size: 10, mountPoint: "/srv/data" } },
    floatingIp: floatingIp as sdk.FloatingIp,
    transform: {
      server: { shutdownBeforeDeletion: true },
      volume: (volume, _opts, name) => {
        volume.labels = { of: name };
      },
    },
  });
  expect(module).toMatch(/address = "203\.0\.113\.9";\s*prefixLength = 32;/);
  expect(module).toMatch(/scsi-0HC_Volume_\d+/);
  expect(inputsOf("Server")).toMatchObject({
    backups: true,
    deleteProtection: true,
    rebuildProtection: true,
    shutdownBeforeDeletion: true,
    labels: { team: "web", "firn-machine": "web" },
  });
  expect(inputsOf("Volume")).toMatchObject({
    name: "shop-prod-web-data",
    size: 10,
    location: "fsn1",
    labels: { of: "shop-web-data" },
  });
  expect(inputsOf("VolumeAttachment")).toMatchObject({ automount: false });
  expect(inputsOf("FloatingIpAssignment")).toMatchObject({ floatingIpId: 77 });
  expect(inputsOf("Rdns")).toMatchObject({ ipAddress: "203.0.113.1", dnsPtr: "web.example.org" });
});

test("a server without IPv6 gets none", async () => {
  const { module } = await make({ publicNets: [{ ipv4Enabled: true, ipv6Enabled: false }] });
  expect(module).not.toContain("fe80::1");
});

test("importing the package does not load the SDK", async () => {
  const program = `import "@firn/hcloud"; import { createRequire } from "node:module";
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("@pulumi/hcloud")).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
  });
  expect(stdout.trim()).toBe("0");
});
