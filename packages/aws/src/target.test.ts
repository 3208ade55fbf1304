import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Eip } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type MadeResource, machinesOf, mockResources, provisioned } from "../../nixos/src/testing/target.js";
import type { Ec2Args } from "./args.js";
import { ec2 } from "./target.js";

let made: MadeResource[];
/** Images of the NixOS project, by the name that is looked for. */
let images: Record<string, string[]>;
let lookedFor: { owners: string[]; filters: { name: string; values: string[] }[] }[] = [];

beforeAll(async () => {
  made = await mockResources(
    ({ type }) => {
      switch (type) {
        case "aws:ec2/instance:Instance":
          return {
            publicIp: "203.0.113.1",
            privateIp: "10.0.0.4",
            ipv6Addresses: ["2001:db8::4"],
            primaryNetworkInterfaceId: "eni-1",
          };
        case "aws:ec2/vpc:Vpc":
          return { ipv6CidrBlock: "2001:db8:1:1200::/56" };
        case "aws:ec2/subnet:Subnet":
          return { availabilityZone: "eu-central-1b" };
        case "aws:ec2/eipAssociation:EipAssociation":
          return { publicIp: "203.0.113.9" };
        default:
          return {};
      }
    },
    (token, inputs) => {
      if (token === "aws:ec2/getSubnet:getSubnet")
        return { id: inputs.id, vpcId: "vpc-given", availabilityZone: "eu-central-1c" };
      lookedFor.push(inputs as never);
      const [name] = (inputs as never as (typeof lookedFor)[number]).filters;
      return { ids: images[name?.values[0] ?? ""] ?? [] };
    },
  );
});
beforeEach(() => {
  made.length = 0;
  lookedFor = [];
  images = { "nixos/26.05*": ["ami-new", "ami-old"], "nixos/*": ["ami-any"] };
});

const kinds = () => made.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
const inputsOf = (kind: string) => made.find(({ type }) => type.endsWith(`:${kind}`))?.inputs;
const base = { instanceType: "t3.small", region: "eu-central-1" };
/** Tells its release beside the firewall. */
const machines = (firewall: object = {}, release = "26.05") => {
  const machine = machinesOf(firewall);
  return (name: string, more: Parameters<typeof machine>[1] = {}) => {
    const spec = machine(name, more);
    const option = <T>(path: string) =>
      (path === "system.nixos.release" ? pulumi.output(release) : spec.option(path)) as pulumi.Output<T>;
    return { ...spec, option };
  };
};
const make = (args: Partial<Ec2Args>, machine = machines()("web")) =>
  provisioned(ec2({ ...base, ...args }).provision(machine, {}), made);

test("a machine is an instance in a VPC of its region, in a security group of its own", async () => {
  const host = await make({}, machines({ allowedTCPPorts: [22, 80] })("web", { tags: ["public"] }));
  expect(host).toMatchObject({
    address: "203.0.113.1",
    privateAddress: "10.0.0.4",
    privateNetwork: "aws/shop/eu-central-1",
    behindNat: false,
  });
  expect(kinds()).toEqual([
    "Instance shop-web",
    "InternetGateway shop-eu-central-1",
    "KeyPair shop-eu-central-1",
    "NetworkInterfaceSecurityGroupAttachment shop-web",
    "RouteTable shop-eu-central-1",
    "RouteTableAssociation shop-eu-central-1",
    "SecurityGroup shop-web",
    "Subnet shop-eu-central-1",
    "Vpc shop-eu-central-1",
  ]);
  expect(inputsOf("Instance")).toMatchObject({
    ami: "ami-new",
    instanceType: "t3.small",
    ipv6AddressCount: 1,
    keyName: "shop-prod",
    metadataOptions: { httpTokens: "required" },
    region: "eu-central-1",
    rootBlockDevice: { volumeType: "gp3", volumeSize: 20, tags: { Name: "shop-prod-web" } },
    subnetId: expect.any(String),
    tags: {
      Name: "shop-prod-web",
      "firn-machine": "web",
      "firn-network": "shop",
      "firn-stack": "prod",
      "firn-tag-public": "",
    },
  });
  expect(inputsOf("Instance")).not.toHaveProperty("vpcSecurityGroupIds");
  expect(inputsOf("Subnet")).toMatchObject({
    cidrBlock: "10.0.0.0/20",
    ipv6CidrBlock: "2001:db8:1:1200::/64",
    mapPublicIpOnLaunch: true,
  });
  expect(inputsOf("SecurityGroup")).toMatchObject({
    ingress: [
      { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] },
      { protocol: "tcp", fromPort: 80, toPort: 80 },
      {
        protocol: "udp",
        fromPort: 51820,
        toPort: 51820,
        cidrBlocks: ["203.0.113.7/32"],
        ipv6CidrBlocks: ["2001:db8::7/128"],
      },
      { protocol: "icmp", fromPort: 8 },
      { protocol: "icmpv6", fromPort: 128 },
      { protocol: "icmp", fromPort: 3, toPort: 4 },
      { protocol: "icmpv6", fromPort: 2 },
    ],
    egress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }],
  });
  expect(inputsOf("NetworkInterfaceSecurityGroupAttachment")).toMatchObject({ networkInterfaceId: "eni-1" });
});

test("user data carries the temporary host key, which the lasting one replaces", async () => {
  expect(await make({})).toMatchObject({
    hostKey: "ssh-ed25519 LASTING",
    temporaryHostKey: "ssh-ed25519 TEMPORARY",
  });
  const { userData } = inputsOf("Instance") ?? {};
  expect(JSON.stringify(userData)).toContain("PRIVATE TEMPORARY");
  expect(JSON.stringify(userData)).not.toContain("LASTING");
});

test("the image is the NixOS project's newest of the release and architecture, or of any release", async () => {
  await make({}, machines()("arm", { system: "aarch64-linux" }));
  expect(lookedFor).toMatchObject([
    {
      owners: ["427812963091"],
      filters: [
        { name: "name", values: ["nixos/26.05*"] },
        { name: "architecture", values: ["arm64"] },
      ],
    },
  ]);
  await make({}, machines({}, "26.11")("next"));
  expect(
    made.find(({ type, name }) => type.endsWith(":Instance") && name === "shop-next")?.inputs,
  ).toMatchObject({ ami: "ami-any" });
  made.length = 0;
  await make({ ami: "ami-own" });
  expect(inputsOf("Instance")).toMatchObject({ ami: "ami-own" });
});

test("a region without an image of NixOS is an error that says what to do", async () => {
  images = {};
  const { imageOf } = await import("./image.js");
  const looked = imageOf(machines()("web"), "xx-north-1", {}) as unknown as { promise(): Promise<string> };
  await expect(looked.promise()).rejects.toThrow(
    'Machine "web": account 427812963091 has no NixOS image for x86_64-linux in xx-north-1. Give ec2() the id of an image of yours: ami: "ami-…".',
  );
});

test("machines of a region share its VPC, of a zone its subnet, and of a region the key", async () => {
  const machine = machines();
  await make({ availabilityZone: "eu-central-1a" }, machine("a"));
  await make({ availabilityZone: "eu-central-1b" }, machine("b"));
  await make({ availabilityZone: "eu-central-1b" }, machine("c"));
  await make({ region: "us-east-1" }, machine("d"));
  expect(kinds().filter((kind) => /^(KeyPair|Subnet|Vpc) /.test(kind))).toEqual([
    "KeyPair shop-eu-central-1",
    "KeyPair shop-us-east-1",
    "Subnet shop-eu-central-1a",
    "Subnet shop-eu-central-1b",
    "Subnet shop-us-east-1",
    "Vpc shop-eu-central-1",
    "Vpc shop-us-east-1",
  ]);
  const blocks = made.filter(({ type }) => type.endsWith(":Subnet")).map(({ inputs }) => inputs.cidrBlock);
  expect(blocks).toEqual(["10.0.16.0/20", "10.0.32.0/20", "10.0.0.0/20"]);
  expect(() => ec2({ ...base, availabilityZone: "us-west-2-lax-1a" }).provision(machine("e"), {})).toThrow(
    /is no availability zone such as eu-central-1a: give it the id of one \(subnet\)/,
  );
});

test("a subnet and security groups may be given, or those of the default VPC", async () => {
  const given = await make({ subnet: "subnet-1", firewall: "sg-1", vpcSecurityGroupIds: ["sg-2"] });
  expect(given.privateNetwork).toBe("aws/vpc-given");
  expect(inputsOf("Instance")).toMatchObject({ subnetId: "subnet-1", vpcSecurityGroupIds: ["sg-1", "sg-2"] });
  expect(inputsOf("Instance")).not.toHaveProperty("ipv6AddressCount");
  expect(kinds()).toEqual(["Instance shop-web", "KeyPair shop-eu-central-1"]);
  made.length = 0;
  await make({ subnet: false, vpcSecurityGroupIds: ["sg-2"] });
  expect(inputsOf("Instance")).not.toHaveProperty("subnetId");
  expect(inputsOf("Instance")).not.toHaveProperty("vpcSecurityGroupIds");
  expect(kinds()).toContain("NetworkInterfaceSecurityGroupAttachment shop-web-1");
  expect(inputsOf("SecurityGroup")).not.toHaveProperty("vpcId");
  made.length = 0;
  await make({ subnet: "subnet-1" });
  expect(inputsOf("SecurityGroup")).toMatchObject({ vpcId: "vpc-given" });
});

test("a machine without addresses of its own is behind NAT", async () => {
  expect(await make({ subnet: "subnet-1", associatePublicIpAddress: false })).toMatchObject({
    behindNat: true,
  });
  expect(await make({ associatePublicIpAddress: false })).toMatchObject({ behindNat: false });
});

test("every argument of the instance can be given, and every raw resource changed", async () => {
  const { module, address } = await make({
    disableApiTermination: true,
    monitoring: true,
    placementGroup: "near",
    spot: true,
    rootBlockDevice: { volumeSize: 50, encrypted: true },
    tags: { team: "web" },
    volumes: { data: { size: 10, mountPoint: "/srv/data" } },
    elasticIp: { id: pulumi.output("eipalloc-1") } as Eip,
    dns: { zoneId: "Z1", name: "web.example.org" },
    rdns: "web.example.org",
    transform: {
      instance: { sourceDestCheck: false },
      vpc: { cidrBlock: "10.42.0.0/16" },
      volume: (volume, _opts, name) => {
        volume.tags = { of: name };
      },
    },
  });
  expect(address).toBe("203.0.113.9");
  expect(module).toMatch(/nvme-Amazon_Elastic_Block_Store_\d+/);
  expect(inputsOf("Instance")).toMatchObject({
    disableApiTermination: true,
    monitoring: true,
    placementGroup: "near",
    instanceMarketOptions: { marketType: "spot" },
    rootBlockDevice: { volumeType: "gp3", volumeSize: 50, encrypted: true },
    sourceDestCheck: false,
    tags: { team: "web", "firn-machine": "web" },
  });
  expect(inputsOf("Subnet")).toMatchObject({ cidrBlock: "10.42.0.0/20" });
  expect(inputsOf("Volume")).toMatchObject({
    size: 10,
    type: "gp3",
    availabilityZone: "eu-central-1b",
    tags: { of: "shop-web-data" },
  });
  expect(inputsOf("VolumeAttachment")).toMatchObject({ deviceName: "/dev/sdf" });
  expect(inputsOf("EipAssociation")).toMatchObject({ allocationId: "eipalloc-1" });
  expect(inputsOf("EipDomainName")).toMatchObject({ domainName: "web.example.org" });
  expect(
    made
      .filter(({ type }) => type.endsWith(":Record"))
      .map(({ inputs }) => [inputs.type, inputs.records])
      .sort(),
  ).toEqual([
    ["A", ["203.0.113.9"]],
    ["AAAA", ["2001:db8::4"]],
  ]);
});

test("an older instance type sees its volumes as Xen's disks", async () => {
  const volumes = {
    a: { size: 1, mountPoint: "/a" },
    b: { size: 1, mountPoint: "/b" },
  };
  const { module } = await make({ instanceType: "t2.small", volumes });
  expect(module).toMatch(/"\/dev\/xvdf"[\s\S]*"\/dev\/xvdg"/);
});

test("what cannot be made is said before anything is", () => {
  const provision = (args: Partial<Ec2Args>) => () =>
    ec2({ ...base, ...args }).provision(machines()("web"), {});
  const volumes = { data: { size: 1, mountPoint: "/data" } };
  expect(provision({ subnet: false, volumes })).toThrow(/say which \(availabilityZone\)/);
  expect(provision({ rdns: "web.example.org" })).toThrow(/Give the machine one \(elasticIp\)/);
});

test("importing the package does not load the SDK", async () => {
  const program = `import "@firn/aws"; import { createRequire } from "node:module";
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("@pulumi/aws")).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
  });
  expect(stdout.trim()).toBe("0");
});
