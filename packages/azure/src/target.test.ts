import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type MadeResource, machinesOf, mockResources, provisioned } from "../../nixos/src/testing/target.js";
import type { AzureArgs } from "./args.js";
import { azure } from "./target.js";

let made: MadeResource[];

beforeAll(async () => {
  made = await mockResources(({ type, inputs }) => {
    switch (type.slice(type.lastIndexOf(":") + 1)) {
      case "PublicIPAddress":
        return { ipAddress: inputs.publicIPAddressVersion === "IPv6" ? "2603:1020::1" : "203.0.113.1" };
      case "NetworkInterface": {
        const configurations = inputs.ipConfigurations as object[];
        return {
          ipConfigurations: configurations.map((each) => ({ ...each, privateIPAddress: "10.0.0.4" })),
        };
      }
      case "ResourceGroup":
        return { name: inputs.resourceGroupName };
      case "VirtualMachine":
        return { vmId: "4711" };
      default:
        return {};
    }
  });
});
beforeEach(() => {
  made.length = 0;
});

const kinds = () => made.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
const inputsOf = (kind: string) => made.find(({ type }) => type.endsWith(`:${kind}`))?.inputs;
const base = { vmSize: "Standard_B2s", location: "westeurope" };
const make = (args: Partial<AzureArgs>, machine = machinesOf()("web")) =>
  provisioned(azure({ ...base, ...args }).provision(machine, {}), made);

test("a machine is a virtual machine in a network of its location, behind rules of its own", async () => {
  const host = await make({}, machinesOf({ allowedTCPPorts: [22, 80] })("web", { tags: ["public"] }));
  expect(host).toMatchObject({
    id: "4711",
    address: "203.0.113.1",
    privateAddress: "10.0.0.4",
    privateNetwork: "azure/shop/westeurope",
    behindNat: false,
  });
  expect(kinds()).toEqual([
    "NetworkInterface shop-web",
    "NetworkSecurityGroup shop-web",
    "PublicIPAddress shop-web",
    "ResourceGroup shop",
    "VirtualMachine shop-web",
    "VirtualNetwork shop-westeurope",
  ]);
  expect(inputsOf("VirtualMachine")).toMatchObject({
    resourceGroupName: "shop-prod",
    vmName: "shop-prod-web",
    location: "westeurope",
    hardwareProfile: { vmSize: "Standard_B2s" },
    storageProfile: {
      imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
      osDisk: { createOption: "FromImage", deleteOption: "Delete", diskSizeGB: 30 },
    },
    tags: { "firn-machine": "web", "firn-network": "shop", "firn-stack": "prod", "firn-tag-public": "" },
  });
  expect(inputsOf("NetworkSecurityGroup")).toMatchObject({
    securityRules: [
      {
        name: "tcp",
        priority: 1000,
        protocol: "Tcp",
        destinationPortRanges: ["22", "80"],
        sourceAddressPrefix: "*",
      },
      { name: "ping", priority: 1001, protocol: "Icmp" },
      { name: "link-51820", priority: 1002, protocol: "Udp", sourceAddressPrefixes: ["203.0.113.7/32"] },
    ],
  });
  expect(inputsOf("PublicIPAddress")).toMatchObject({
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
  });
});

test("custom data carries the temporary host key, which the lasting one replaces", async () => {
  expect(await make({})).toMatchObject({
    hostKey: "ssh-ed25519 LASTING",
    temporaryHostKey: "ssh-ed25519 TEMPORARY",
  });
  // A secret in it makes all of it one.
  const { value } = (inputsOf("VirtualMachine")?.osProfile ?? {}) as {
    value: Record<string, string>;
  };
  expect(value).toMatchObject({ linuxConfiguration: { disablePasswordAuthentication: true } });
  const text = Buffer.from(value.customData ?? "", "base64").toString();
  expect(text).toContain("PRIVATE TEMPORARY");
  expect(text).toContain("ssh-ed25519 DEPLOY");
  expect(text).not.toContain("LASTING");
});

test("machines share the resource group, and those of a location its network", async () => {
  const machine = machinesOf();
  for (const [name, location] of [
    ["a", "westeurope"],
    ["b", "westeurope"],
    ["c", "eastus"],
  ] as const)
    await make({ location, firewall: false, publicIp: false }, machine(name));
  expect(kinds().filter((kind) => !/^(NetworkInterface|VirtualMachine) /.test(kind))).toEqual([
    "ResourceGroup shop",
    "VirtualNetwork shop-eastus",
    "VirtualNetwork shop-westeurope",
  ]);
});

test("what a network shares may be given, and a machine may have no public address", async () => {
  const given = await make({ resourceGroup: "mine", subnet: "/sub/net", firewall: "/nsg", publicIp: false });
  expect(given).toMatchObject({ address: "10.0.0.4", privateNetwork: "/sub/net", behindNat: true });
  expect(kinds()).toEqual(["NetworkInterface shop-web", "VirtualMachine shop-web"]);
  expect(inputsOf("VirtualMachine")).toMatchObject({ resourceGroupName: "mine" });
  expect(inputsOf("NetworkInterface")).toMatchObject({
    networkSecurityGroup: { id: "/nsg" },
    ipConfigurations: [{ subnet: { id: "/sub/net" } }],
  });
});

test("every argument of the virtual machine can be given, and every raw resource changed", async () => {
  const publicIp = {
    id: pulumi.output("/given"),
    ipAddress: pulumi.output("203.0.113.9"),
  } as unknown as PublicIPAddress;
  const { module, address } = await make({
    spot: true,
    zones: ["1"],
    availabilitySet: { id: "/spread" },
    tags: { team: "web" },
    image: "/subscriptions/0/images/nixos",
    publicIp,
    dns: { zoneName: "example.org", resourceGroupName: "dns", name: "web.example.org" },
    volumes: { data: { size: 10, mountPoint: "/srv/data" }, logs: { size: 5, mountPoint: "/srv/logs" } },
    transform: {
      virtualMachine: { licenseType: "None" },
      networkInterface: { enableAcceleratedNetworking: true },
      disk: (disk, _opts, name) => {
        disk.tags = { of: name };
      },
    },
  });
  expect(address).toBe("203.0.113.9");
  const { storageProfile } = inputsOf("VirtualMachine") as {
    storageProfile: { dataDisks: { lun: number }[] };
  };
  for (const { lun } of storageProfile.dataDisks)
    expect(module).toContain(`device = "/dev/disk/azure/data/by-lun/${lun}"`);
  expect(new Set(storageProfile.dataDisks.map(({ lun }) => lun)).size).toBe(2);
  expect(inputsOf("VirtualMachine")).toMatchObject({
    priority: "Spot",
    evictionPolicy: "Deallocate",
    zones: ["1"],
    availabilitySet: { id: "/spread" },
    licenseType: "None",
    tags: { team: "web", "firn-machine": "web" },
    storageProfile: { imageReference: { id: "/subscriptions/0/images/nixos" } },
  });
  expect(inputsOf("NetworkInterface")).toMatchObject({ enableAcceleratedNetworking: true });
  expect(inputsOf("Disk")).toMatchObject({
    diskName: "shop-prod-web-data-westeurope",
    diskSizeGB: 10,
    zones: ["1"],
    tags: { of: "shop-web-data" },
  });
  expect(inputsOf("RecordSet")).toMatchObject({
    zoneName: "example.org",
    relativeRecordSetName: "web",
    recordType: "A",
    aRecords: [{ ipv4Address: "203.0.113.9" }],
  });
  made.length = 0;
  await make({ rdns: "web.example.org." }, machinesOf()("b", { system: "aarch64-linux" }));
  expect(inputsOf("PublicIPAddress")).toMatchObject({ dnsSettings: { reverseFqdn: "web.example.org." } });
  expect(inputsOf("VirtualMachine")).toMatchObject({
    storageProfile: { imageReference: { sku: "server-arm64" } },
  });
});

test("a machine may have a public IPv6 address, which its name leads to as well", async () => {
  const dns = { zoneName: "example.org", resourceGroupName: "dns", name: "web.example.org" };
  expect((await make({ ipv6: true, dns })).address).toBe("203.0.113.1");
  expect(inputsOf("NetworkInterface")).toMatchObject({
    ipConfigurations: [
      { name: "ipv4", primary: true },
      { name: "ipv6", privateIPAddressVersion: "IPv6", publicIPAddress: { id: expect.any(String) } },
    ],
  });
  expect(inputsOf("VirtualNetwork")).toMatchObject({
    subnets: [{ addressPrefixes: ["10.0.0.0/16", "fd66:6972:6e00::/64"] }],
  });
  expect(kinds().filter((kind) => /^(PublicIPAddress|RecordSet) /.test(kind))).toEqual([
    "PublicIPAddress shop-web",
    "PublicIPAddress shop-web-ipv6",
    "RecordSet shop-web-a",
    "RecordSet shop-web-aaaa",
  ]);
});

test("importing the package does not load the SDK", async () => {
  const program = `import "@firn/azure"; import { createRequire } from "node:module";
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("@pulumi/azure")).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
  });
  expect(stdout.trim()).toBe("0");
});
