import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type * as sdk from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type MadeResource, machinesOf, mockResources, provisioned } from "../../nixos/src/testing/target.js";
import type { DigitaloceanArgs } from "./args.js";
import { digitalocean } from "./target.js";

let made: MadeResource[];

beforeAll(async () => {
  made = await mockResources(({ type }) =>
    type === "digitalocean:index/droplet:Droplet"
      ? {
          ipv4Address: "203.0.113.1",
          ipv4AddressPrivate: "10.114.0.2",
          ipv6Address: "2604:a880:800:10::2dd:4001",
          vpcUuid: "default",
        }
      : {},
  );
});
beforeEach(() => {
  made.length = 0;
});

const kinds = () => made.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
const inputsOf = (kind: string) => made.find(({ type }) => type.endsWith(`:${kind}`))?.inputs;
const base = { size: "s-1vcpu-1gb", region: "fra1" };
const make = (args: Partial<DigitaloceanArgs>, machine = machinesOf()("web")) =>
  provisioned(digitalocean({ ...base, ...args }).provision(machine, {}), made);

test("a machine is a droplet in a VPC of its region, behind a firewall of its own", async () => {
  const host = await make({}, machinesOf({ allowedTCPPorts: [22, 80] })("web", { tags: ["public"] }));
  expect(host).toMatchObject({
    address: "203.0.113.1",
    privateAddress: "10.114.0.2",
    privateNetwork: "digitalocean/shop/fra1",
  });
  expect(kinds()).toEqual(["Droplet shop-web", "Firewall shop-web", "SshKey shop", "Vpc shop-fra1"]);
  expect(inputsOf("Droplet")).toMatchObject({
    name: "shop-prod-web",
    size: "s-1vcpu-1gb",
    region: "fra1",
    image: "debian-13-x64",
    ipv6: true,
    tags: ["firn:shop:prod", "firn:shop:prod:web", "public"],
    vpcUuid: expect.any(String),
    sshKeys: [expect.any(String)],
  });
  expect(inputsOf("Firewall")).toMatchObject({
    dropletIds: [expect.any(Number)],
    inboundRules: [
      { protocol: "tcp", portRange: "22", sourceAddresses: ["0.0.0.0/0", "::/0"] },
      { protocol: "tcp", portRange: "80" },
      { protocol: "udp", portRange: "51820", sourceAddresses: ["203.0.113.7", "2001:db8::7"] },
      { protocol: "icmp", sourceAddresses: ["0.0.0.0/0", "::/0"] },
      { protocol: "tcp", portRange: "1-65535", sourceTags: ["firn:shop:prod"] },
      { protocol: "udp", portRange: "1-51819", sourceTags: ["firn:shop:prod"] },
      { protocol: "udp", portRange: "51821-65535", sourceTags: ["firn:shop:prod"] },
      { protocol: "icmp", sourceTags: ["firn:shop:prod"] },
    ],
    outboundRules: [{ protocol: "tcp" }, { protocol: "udp" }, { protocol: "icmp" }],
  });
});

test("user data carries the temporary host key, which the lasting one replaces", async () => {
  expect(await make({})).toMatchObject({
    hostKey: "ssh-ed25519 LASTING",
    temporaryHostKey: "ssh-ed25519 TEMPORARY",
  });
  const { userData } = inputsOf("Droplet") ?? {};
  expect(JSON.stringify(userData)).toContain("PRIVATE TEMPORARY");
  expect(JSON.stringify(userData)).not.toContain("LASTING");
});

test("machines of a region share its VPC, and all share the key", async () => {
  const machine = machinesOf();
  for (const [name, region] of [
    ["a", "fra1"],
    ["b", "fra1"],
    ["c", "nyc3"],
  ] as const)
    await make({ region }, machine(name));
  const shared = kinds().filter((kind) => !/^(Droplet|Firewall) /.test(kind));
  expect(shared).toEqual(["SshKey shop", "Vpc shop-fra1", "Vpc shop-nyc3"]);
});

test("a VPC may be given, or the region's default", async () => {
  await make({ vpc: "given", firewall: false });
  expect(inputsOf("Droplet")).toMatchObject({ vpcUuid: "given" });
  made.length = 0;
  expect((await make({ vpc: false, firewall: false })).privateNetwork).toBe("digitalocean/default");
  expect(inputsOf("Droplet")).not.toHaveProperty("vpcUuid");
  expect(kinds()).toEqual(["Droplet shop-web", "SshKey shop"]);
});

test("every argument of the droplet can be given, and every raw resource changed", async () => {
  const { module } = await make({
    monitoring: true,
    tags: ["team"],
    rdns: "web.example.org",
    volumes: { data: { size: 10, mountPoint: "/srv/data" } },
    reservedIp: { ipAddress: pulumi.output("203.0.113.9") } as sdk.ReservedIp,
    transform: {
      droplet: { gracefulShutdown: true },
      volume: (volume, _opts, name) => {
        volume.description = name;
      },
    },
  });
  expect(module).toContain("/dev/disk/by-id/scsi-0DO_Volume_shop-prod-web-data");
  expect(inputsOf("Droplet")).toMatchObject({
    name: "web.example.org",
    monitoring: true,
    gracefulShutdown: true,
    tags: ["firn:shop:prod", "firn:shop:prod:web", "team"],
  });
  expect(inputsOf("Volume")).toMatchObject({
    name: "shop-prod-web-data",
    size: 10,
    region: "fra1",
    description: "shop-web-data",
  });
  expect(inputsOf("ReservedIpAssignment")).toMatchObject({ ipAddress: "203.0.113.9" });
});

test("a droplet without IPv6 gets none", async () => {
  expect((await make({ ipv6: false })).module).not.toContain("ipv6");
});

test("importing the package does not load the SDK", async () => {
  const program = `import "@firn/digitalocean"; import { createRequire } from "node:module";
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("@pulumi/digitalocean")).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
  });
  expect(stdout.trim()).toBe("0");
});
