import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Address } from "@pulumi/gcp/compute/address.js";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type MadeResource, machinesOf, mockResources, provisioned } from "../../nixos/src/testing/target.js";
import type { GcpArgs } from "./args.js";
import { gcp } from "./target.js";

let made: MadeResource[];

beforeAll(async () => {
  made = await mockResources(({ type, inputs }) => {
    if (type === "gcp:compute/address:Address") return { address: "203.0.113.1" };
    if (type !== "gcp:compute/instance:Instance") return {};
    const interfaces = inputs.networkInterfaces as { ipv6AccessConfigs?: object[] }[];
    return {
      instanceId: "4711",
      networkInterfaces: interfaces.map((nic) => ({
        ...nic,
        networkIp: "10.64.0.2",
        ...(nic.ipv6AccessConfigs ? { ipv6AccessConfigs: [{ externalIpv6: "2600:1900::1" }] } : {}),
      })),
    };
  });
});
beforeEach(() => {
  made.length = 0;
});

const kinds = () => made.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
const inputsOf = (kind: string, name = "") =>
  made.find((each) => each.type.endsWith(`:${kind}`) && each.name.endsWith(name))?.inputs;
const base = { machineType: "e2-small", zone: "europe-west3-a" };
const make = (args: Partial<GcpArgs>, machine = machinesOf()("web")) =>
  provisioned(gcp({ ...base, ...args }).provision(machine, {}), made);

test("a machine is an instance in a subnetwork of its region, behind rules of its own", async () => {
  const host = await make({}, machinesOf({ allowedTCPPorts: [22, 80] })("web", { tags: ["Public"] }));
  expect(host).toMatchObject({
    id: "4711",
    address: "203.0.113.1",
    privateAddress: "10.64.0.2",
    privateNetwork: expect.stringMatching(/^gcp\/\d+$/),
    behindNat: false,
    mtu: 1460,
  });
  expect(kinds()).toEqual([
    "Address shop-web",
    "Firewall shop",
    "Firewall shop-web",
    "Firewall shop-web-ipv6",
    "Firewall shop-web-links",
    "Instance shop-web",
    "Network shop",
    "Subnetwork shop-europe-west3",
  ]);
  expect(inputsOf("Instance")).toMatchObject({
    name: "shop-prod-web",
    machineType: "e2-small",
    zone: "europe-west3-a",
    allowStoppingForUpdate: true,
    bootDisk: { initializeParams: { image: "ubuntu-os-cloud/ubuntu-2404-lts-amd64", size: 20 } },
    labels: { "firn-machine": "web", "firn-network": "shop", "firn-stack": "prod", "firn-tag-public": "" },
    tags: ["shop-prod", "shop-prod-web"],
    networkInterfaces: [
      {
        accessConfigs: [{ natIp: "203.0.113.1" }],
        stackType: "IPV4_IPV6",
        ipv6AccessConfigs: [{ networkTier: "PREMIUM" }],
      },
    ],
  });
  expect(inputsOf("Network")).toMatchObject({ autoCreateSubnetworks: false, mtu: 1460 });
  expect(inputsOf("Firewall", "shop")).toMatchObject({
    allows: [{ protocol: "all" }],
    sourceTags: ["shop-prod"],
    targetTags: ["shop-prod"],
  });
  expect(inputsOf("Firewall", "shop-web")).toMatchObject({
    name: "shop-prod-web",
    allows: [{ protocol: "tcp", ports: ["22", "80"] }, { protocol: "icmp" }],
    sourceRanges: ["0.0.0.0/0"],
    targetTags: ["shop-prod-web"],
  });
  expect(inputsOf("Firewall", "links")).toMatchObject({
    name: "links-shop-prod-web",
    allows: [{ protocol: "udp", ports: ["51820"] }],
    sourceRanges: ["203.0.113.7/32"],
    targetTags: ["shop-prod-web"],
  });
  expect(inputsOf("Firewall", "ipv6")).toMatchObject({
    allows: [{ protocol: "tcp" }, { protocol: "58" }],
    sourceRanges: ["::/0"],
  });
});

test("metadata carries the temporary host key, which the lasting one replaces", async () => {
  expect(await make({ metadata: { team: "web" } })).toMatchObject({
    hostKey: "ssh-ed25519 LASTING",
    temporaryHostKey: "ssh-ed25519 TEMPORARY",
  });
  const metadata = JSON.stringify(inputsOf("Instance")?.metadata);
  expect(metadata).toContain("PRIVATE TEMPORARY");
  expect(metadata).toContain("ssh-ed25519 DEPLOY");
  expect(metadata).not.toContain("LASTING");
  expect(metadata).toMatch(/"team":"web"/);
});

test("machines share the network of all regions, and those of a region its subnetwork", async () => {
  const machine = machinesOf();
  for (const [name, zone] of [
    ["a", "europe-west3-a"],
    ["b", "europe-west3-b"],
    ["c", "us-east1-c"],
  ] as const)
    await make({ zone, firewall: false, address: false }, machine(name));
  expect(kinds().filter((kind) => !kind.startsWith("Instance "))).toEqual([
    "Firewall shop",
    "Network shop",
    "Subnetwork shop-europe-west3",
    "Subnetwork shop-us-east1",
  ]);
});

test("a network may be given, or the project's default, and an instance may have no external address", async () => {
  const given = await make({
    network: "mine",
    subnetwork: "inner",
    firewall: false,
    mtu: 8896,
    address: false,
  });
  expect(given).toMatchObject({
    privateNetwork: "gcp/mine",
    address: "10.64.0.2",
    behindNat: true,
    mtu: 8896,
  });
  expect(inputsOf("Instance")).toMatchObject({
    networkInterfaces: [{ network: "mine", subnetwork: "inner" }],
  });
  expect(JSON.stringify(inputsOf("Instance"))).not.toMatch(/ccessConfigs/);
  made.length = 0;
  expect((await make({ network: false, firewall: false, address: false })).privateNetwork).toBe(
    "gcp/default",
  );
  expect(kinds()).toEqual(["Instance shop-web"]);
});

test("every argument of the instance can be given, and every raw resource changed", async () => {
  const address = { address: pulumi.output("203.0.113.9") } as Address;
  const { module } = await make({
    deletionProtection: true,
    labels: { team: "web" },
    tags: ["lb"],
    spot: true,
    resourcePolicies: "spread",
    project: "other",
    bootDisk: { initializeParams: { type: "pd-ssd" } },
    networkInterfaces: [{ network: "second" }],
    rdns: "web.example.org.",
    address,
    dns: { managedZone: "example", name: "web.example.org" },
    volumes: { data: { size: 10, mountPoint: "/srv/data" } },
    transform: {
      instance: { canIpForward: true },
      disk: (disk, _opts, name) => {
        disk.description = name;
      },
      recordSet: { ttl: 60 },
    },
  });
  expect(module).toContain("/dev/disk/by-id/google-data");
  expect(inputsOf("Instance")).toMatchObject({
    deletionProtection: true,
    canIpForward: true,
    project: "other",
    resourcePolicies: "spread",
    scheduling: { provisioningModel: "SPOT", preemptible: true, automaticRestart: false },
    labels: { team: "web", "firn-machine": "web" },
    tags: ["shop-prod", "shop-prod-web", "lb"],
    bootDisk: { initializeParams: { type: "pd-ssd", size: 20 } },
    networkInterfaces: [
      { accessConfigs: [{ natIp: "203.0.113.9", publicPtrDomainName: "web.example.org." }] },
      { network: "second" },
    ],
  });
  expect(inputsOf("Disk")).toMatchObject({
    name: "shop-prod-web-data",
    size: 10,
    zone: "europe-west3-a",
    description: "shop-web-data",
    project: "other",
  });
  expect(inputsOf("AttachedDisk")).toMatchObject({ deviceName: "data" });
  expect(inputsOf("RecordSet", "-a")).toMatchObject({
    managedZone: "example",
    name: "web.example.org.",
    type: "A",
    ttl: 60,
    rrdatas: ["203.0.113.9"],
  });
  expect(inputsOf("RecordSet", "-aaaa")).toMatchObject({ type: "AAAA", rrdatas: ["2600:1900::1"] });
  expect(kinds()).not.toContain("Address shop-web");
});

test("an Arm machine starts from Arm's image, and a machine that opens nothing has a rule that says so", async () => {
  const closed = machinesOf({ allowedTCPPorts: [], allowPing: false })("web", {
    system: "aarch64-linux",
    linkOpenings: () => pulumi.output([]),
  });
  await make({ ipv6: false }, closed);
  expect(inputsOf("Instance")).toMatchObject({
    bootDisk: { initializeParams: { image: "ubuntu-os-cloud/ubuntu-2404-lts-arm64" } },
  });
  expect(inputsOf("Firewall", "shop-web")).toMatchObject({ denies: [{ protocol: "all" }] });
  expect(inputsOf("Firewall", "shop-web")).not.toHaveProperty("allows");
  expect(kinds()).not.toContain("Firewall shop-web-ipv6");
});

test("an image that is NixOS already is not installed again", async () => {
  expect((await make({})).install).toBe("in-place");
  made.length = 0;
  const { install, module } = await make({ nixosImage: "projects/mine/global/images/family/nixos" });
  expect(install).toBeUndefined();
  expect(module).not.toContain("take-over");
  expect(inputsOf("Instance")).toMatchObject({
    bootDisk: { initializeParams: { image: "projects/mine/global/images/family/nixos" } },
  });
});

test("importing the package does not load the SDK", async () => {
  const program = `import "@firn/gcp"; import { createRequire } from "node:module";
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("@pulumi/gcp")).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
  });
  expect(stdout.trim()).toBe("0");
});
