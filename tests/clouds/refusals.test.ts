import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { account as aws } from "./aws/account.js";
import { account as azure } from "./azure-native/account.js";
import { account as digitalocean } from "./digitalocean/account.js";
import { account as gcp } from "./gcp/account.js";
import { account as hcloud } from "./hcloud/account.js";
import type { Account } from "./plugin/account.js";

/** What the stand-ins refuse as the clouds do, before any machine is made. */
const directory = mkdtempSync(join(tmpdir(), "firn-clouds-"));
afterAll(() => rmSync(directory, { recursive: true }));

function suite(account: Account, token: (kind: string) => string, inputs: Record<string, object>) {
  const merged = (kind: string, more: object) => ({ ...inputs[kind], ...more });
  return {
    /** What Check says, one line a refusal. */
    checked: (kind: string, more: object) =>
      account.check(token(kind), merged(kind, more)).map(({ property, reason }) => `${property}: ${reason}`),
    created: (kind: string, more: object = {}) => account.create(token(kind), merged(kind, more)),
  };
}

describe("hcloud", () => {
  const { checked, created } = suite(
    hcloud(join(directory, "hcloud")),
    (kind) => `hcloud:index/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`,
    {
      Server: { name: "web", serverType: "cx23", location: "fsn1", image: "debian-13" },
      SshKey: { name: "key", publicKey: "ssh-ed25519 AAAA", labels: {} },
      Firewall: { name: "fw" },
      Volume: { name: "data", size: 10, location: "fsn1" },
    },
  );

  test.each([
    ["Server", { servertype: "cx23" }, "servertype: unknown property"],
    ["Server", { serverType: 23 }, "serverType: must be string"],
    ["Server", { name: "web_1" }, "name: must be a valid hostname"],
    ["Server", { image: "" }, "image: must have more than 0 characters"],
    ["Server", { labels: { "a b": "c" } }, "labels: label key 'a b'"],
    ["Server", { labels: { a: "-c" } }, "labels: label value '-c'"],
    ["Server", { deleteProtection: true }, "rebuildProtection: needs to be the same"],
    ["Server", { datacenter: "fsn1-dc14" }, "datacenter: Removed Attribute"],
    ["Firewall", { rules: [{ direction: "up", protocol: "tcp", port: "1" }] }, "up is not a valid direction"],
    ["Firewall", { rules: [{ direction: "in", protocol: "tcp" }] }, "port is missing or invalid"],
    ["Firewall", { rules: [{ direction: "in", protocol: "icmp", port: "1" }] }, "icmp has no ports"],
    [
      "Firewall",
      { rules: [{ direction: "in", protocol: "udp", port: "5", sourceIps: ["10.0.0.1"] }] },
      "CIDR",
    ],
    ["Volume", { size: 9 }, "size: must be between 10 and 10240 GB"],
    ["LoadBalancer", {}, "has no hcloud:index/loadBalancer:LoadBalancer"],
  ])("%s %j is refused by the provider", (kind, inputs, reason) => {
    expect(checked(kind, inputs).join("\n")).toContain(reason);
  });

  test.each([
    [{ serverType: "cx1" }, "server type cx1 not found"],
    [{ location: "fsn9" }, "location 'fsn9' not found (invalid_input)"],
    [{ location: "ash" }, "unsupported location for server type (invalid_input)"],
    [{ image: "debian-1" }, "image debian-1 for architecture x86 not found"],
    [{ userData: "x".repeat(32 * 1024 + 1) }, "user_data is too long"],
    [{ sshKeys: ["7"] }, "SSH key not found: 7"],
    [{ firewallIds: [7] }, "Firewall with ID '7' not found (not_found)"],
  ])("server %o is refused by the API", async (inputs, reason) => {
    await expect(created("Server", inputs)).rejects.toThrow(reason);
  });

  test("names are unique", async () => {
    await created("SshKey");
    await expect(created("SshKey")).rejects.toThrow("sshkey name is already used (uniqueness_error)");
  });
});

describe("digitalocean", () => {
  const { checked, created } = suite(
    digitalocean(join(directory, "digitalocean")),
    (kind) => `digitalocean:index/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`,
    {
      Droplet: { name: "web", size: "s-1vcpu-1gb", region: "fra1", image: "debian-13-x64" },
      SshKey: { name: "key", publicKey: "ssh-ed25519 AAAA" },
      Firewall: { name: "fw" },
      Volume: { name: "data", size: 10, region: "fra1" },
      Vpc: { name: "vpc", region: "fra1", ipRange: "10.9.0.0/20" },
    },
  );

  test.each([
    ["Droplet", { zise: "s-1vcpu-1gb" }, "zise: unknown property"],
    ["Droplet", { ipv6: "yes" }, "ipv6: must be boolean"],
    ["Droplet", { tags: ["a b"] }, "tags may contain lowercase letters"],
    ["Droplet", { image: "" }, "image: must not be empty"],
    ["Firewall", {}, "at least one rule must be specified"],
    ["Firewall", { inboundRules: [{ protocol: "esp" }] }, "expected protocol to be one of tcp, udp, icmp"],
    ["Firewall", { inboundRules: [{ protocol: "tcp" }] }, "port_range is missing or invalid"],
    ["Volume", { name: "Data" }, "name: must be lowercase"],
  ])("%s %j is refused by the provider", (kind, inputs, reason) => {
    expect(checked(kind, inputs).join("\n")).toContain(reason);
  });

  test.each([
    [{ size: "s-1" }, "You specified an invalid size"],
    [{ region: "fra9" }, "You specified an invalid region"],
    [{ image: "debian-1" }, "You specified an invalid image"],
    [{ name: "web_1" }, "Only valid hostname characters are allowed"],
    [{ userData: "x".repeat(64 * 1024 + 1) }, "user_data is too long"],
    [{ sshKeys: ["7"] }, "7 are invalid key identifiers"],
    [{ vpcUuid: "7" }, "vpc_uuid does not name a VPC"],
  ])("droplet %o is refused by the API", async (inputs, reason) => {
    await expect(created("Droplet", inputs)).rejects.toThrow(reason);
  });

  test("keys are unique, and addresses of VPCs do not overlap", async () => {
    await created("SshKey");
    await expect(created("SshKey", { name: "other" })).rejects.toThrow(
      "publicKey is already in use on your account",
    );
    await created("Vpc");
    await expect(created("Vpc", { name: "other" })).rejects.toThrow("overlaps with another VPC network");
  });
});

describe("gcp", () => {
  const nic = { network: "net", subnetwork: "net" };
  const { checked, created } = suite(
    gcp(join(directory, "gcp")),
    (kind) => `gcp:compute/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`,
    {
      Address: { name: "web", region: "europe-west3" },
      Disk: { name: "data", size: 10, zone: "europe-west3-a" },
      Firewall: { name: "web", network: "net", sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp" }] },
      Instance: {
        name: "web",
        machineType: "e2-small",
        zone: "europe-west3-a",
        bootDisk: { initializeParams: { image: "ubuntu-os-cloud/ubuntu-2404-lts-amd64", size: 20 } },
        networkInterfaces: [nic],
      },
      Network: { name: "net", autoCreateSubnetworks: false },
      Subnetwork: { name: "net", network: "net", region: "europe-west3", ipCidrRange: "10.64.0.0/20" },
    },
  );

  test.each([
    ["Instance", { machinetype: "e2-small" }, "machinetype: unknown property"],
    ["Instance", { bootDisk: { size: 20 } }, "bootDisk.size: unknown property"],
    ["Instance", { name: "Web" }, "name: "],
    ["Instance", { labels: { Team: "web" } }, "Label key 'Team'"],
    ["Instance", { tags: ["a_b"] }, "tags: Invalid value 'a_b'"],
    ["Instance", { scheduling: { preemptible: true } }, "preemptible instances cannot restart automatically"],
    ["Network", { mtu: 9000 }, "mtu: must be between"],
    ["Disk", { size: 9 }, "size: Disk size: must be at least 10 GB"],
    ["Firewall", { denies: [{ protocol: "all" }] }, "only one of `allow,deny`"],
    ["Firewall", { sourceRanges: ["0.0.0.0/0", "::/0"] }, "cannot be in one rule"],
    ["Firewall", { sourceRanges: [] }, "one of source_ranges"],
    ["Firewall", { allows: [{ protocol: "icmp", ports: ["1"] }] }, "ports are not allowed with icmp"],
    ["Firewall", { allows: [{ protocol: "tcp", ports: ["http"] }] }, "ports must be numbers or ranges"],
    ["BackendService", {}, "has no gcp:compute/backendService:BackendService"],
  ])("%s %j is refused by the provider", (kind, inputs, reason) => {
    expect(checked(kind, inputs).join("\n")).toContain(reason);
  });

  test("what the API refuses", async () => {
    await expect(created("Instance")).rejects.toThrow("The resource 'net' was not found");
    await created("Network");
    await created("Subnetwork");
    const refused = async (more: object, reason: string) =>
      expect(created("Instance", more)).rejects.toThrow(reason);
    await refused({ zone: "europe-west9-z" }, "Unknown zone");
    await refused({ machineType: "t2a-standard-1" }, "does not exist in zone 'europe-west3-a'");
    await refused({ machineType: "c4a-standard-1", zone: "europe-west3-b" }, "not that of the machine type");
    await refused({ zone: "us-east1-b" }, "The subnetwork is in region 'europe-west3'");
    await refused({ bootDisk: { initializeParams: { image: "debian" } } }, "Could not find image or family");
    await refused({ metadata: { "user-data": "x".repeat(300_000) } }, "is too large");
    const natIp = { ...nic, accessConfigs: [{ natIp: "203.0.113.1" }] };
    await refused({ networkInterfaces: [natIp] }, "'203.0.113.1' was not found in region");
    await refused({ networkInterfaces: [{ ...nic, stackType: "IPV4_IPV6" }] }, "does not support IPv6");
    await expect(created("Subnetwork", { name: "other" })).rejects.toThrow("conflicts with existing");
    await expect(created("Network")).rejects.toThrow("alreadyExists");
  });
});

describe("aws", () => {
  const modules: Record<string, string> = {
    Bucket: "s3",
    LoadBalancer: "lb",
    Record: "route53",
    Volume: "ebs",
  };
  const { checked, created } = suite(
    aws(join(directory, "aws")),
    (kind) => `aws:${modules[kind] ?? "ec2"}/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`,
    {
      Instance: { ami: "ami-002b0000000000000", instanceType: "t3.micro" },
      KeyPair: { keyName: "key", publicKey: "ssh-ed25519 AAAA" },
      Record: { zoneId: "Z1", name: "web.example", type: "A", ttl: 300, records: ["203.0.113.1"] },
      SecurityGroup: { name: "web" },
      Subnet: { vpcId: "vpc-00000000000001001", cidrBlock: "10.0.0.0/20" },
      Volume: { availabilityZone: "eu-central-1a", size: 10 },
      Vpc: { cidrBlock: "10.0.0.0/16" },
    },
  );
  const rule = { protocol: "tcp", fromPort: 1, toPort: 1, cidrBlocks: ["0.0.0.0/0"] };

  test.each([
    ["Instance", { instancetype: "t3.micro" }, "instancetype: unknown property"],
    ["Instance", { rootBlockDevice: { size: 20 } }, "rootBlockDevice.size: unknown property"],
    ["Instance", { tags: { "aws:x": "y" } }, "reserved for internal use"],
    ["Instance", { userData: "a", userDataBase64: "YQ==" }, "conflicts with userDataBase64"],
    ["KeyPair", { publicKey: "AAAA" }, "InvalidKey.Format"],
    ["SecurityGroup", { name: "sg-web" }, "cannot begin with sg-"],
    ["SecurityGroup", { ingress: [{ ...rule, toPort: "1" }] }, "ingress[0].toPort: must be number"],
    ["SecurityGroup", { ingress: [{ ...rule, cidrBlocks: ["10.0.0.1/16"] }] }, "is not a valid CIDR block"],
    ["SecurityGroup", { ingress: [{ ...rule, cidrBlocks: [] }] }, "a rule needs a source"],
    ["SecurityGroup", { egress: [{ ...rule, protocol: "-1" }] }, "must both be 0"],
    ["Record", { ttl: undefined }, "all of `records,ttl` must be specified"],
    ["Volume", { size: undefined }, "one of `size,snapshot_id` must be specified"],
    ["Vpc", { cidrBlock: "10.0.0.0/8" }, "between /16 and /28"],
    ["Bucket", { bucket: "Backups" }, "only lowercase letters"],
    ["NatGateway", {}, "has no aws:ec2/natGateway:NatGateway"],
  ])("%s %j is refused by the provider", (kind, inputs, reason) => {
    expect(checked(kind, inputs).join("\n")).toContain(reason);
  });

  test.each([
    [{ ami: "ami-1" }, "api error InvalidAMIID.NotFound: The image id '[ami-1]' does not exist"],
    [{ instanceType: "t9.huge" }, "Invalid value 't9.huge' for InstanceType"],
    [{ instanceType: "t4g.small" }, "does not match the architecture 'x86_64' of the specified AMI"],
    [{ rootBlockDevice: { volumeSize: 1 } }, "InvalidBlockDeviceMapping"],
    [{ userData: "x".repeat(16 * 1024 + 1) }, "User data is limited to 16384 bytes"],
    [{ keyName: "none" }, "InvalidKeyPair.NotFound"],
    [{ subnetId: "subnet-1" }, "InvalidSubnetID.NotFound"],
    [{ ipv6AddressCount: 1 }, "no IPv6 CIDR block"],
    [{ region: "us-east-1" }, "InvalidAMIID.NotFound"],
  ])("instance %o is refused by the API", async (inputs, reason) => {
    await expect(created("Instance", inputs)).rejects.toThrow(reason);
  });

  test("names are unique, and addresses are where they belong", async () => {
    await created("KeyPair");
    await expect(created("KeyPair")).rejects.toThrow("InvalidKeyPair.Duplicate");
    const { id: vpcId } = await created("Vpc");
    await created("Subnet", { vpcId });
    await expect(created("Subnet", { vpcId })).rejects.toThrow("InvalidSubnet.Conflict");
    await expect(created("Subnet", { vpcId, cidrBlock: "10.1.0.0/20" })).rejects.toThrow(
      "InvalidSubnet.Range",
    );
    await expect(created("Record")).rejects.toThrow("NoSuchHostedZone");
    await expect(created("Volume", { availabilityZone: "eu-central-1z" })).rejects.toThrow(
      "InvalidZone.NotFound",
    );
  });
});

describe("azure-native", () => {
  const PARTS: Readonly<Record<string, string>> = {
    Disk: "compute",
    ResourceGroup: "resources",
    VirtualMachine: "compute",
  };
  const place = { resourceGroupName: "rg", location: "westeurope" };
  const profile = {
    computerName: "web",
    adminUsername: "firn",
    linuxConfiguration: {
      ssh: { publicKeys: [{ path: "/home/firn/.ssh/authorized_keys", keyData: "ssh-ed25519 AAAA" }] },
    },
  };
  const image = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" };
  const rule = {
    name: "tcp",
    priority: 100,
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "22",
  };
  const { checked, created } = suite(
    azure(join(directory, "azure")),
    (kind) => `azure-native:${PARTS[kind] ?? "network"}:${kind}`,
    {
      Disk: { ...place, diskName: "data", diskSizeGB: 10, creationData: { createOption: "Empty" } },
      NetworkInterface: { ...place, networkInterfaceName: "web" },
      NetworkSecurityGroup: { ...place, networkSecurityGroupName: "web" },
      PublicIPAddress: { ...place, publicIpAddressName: "web" },
      ResourceGroup: { resourceGroupName: "rg", location: "westeurope" },
      VirtualMachine: {
        ...place,
        vmName: "web",
        hardwareProfile: { vmSize: "Standard_B2s" },
        osProfile: profile,
        storageProfile: { imageReference: image },
      },
    },
  );

  test.each([
    ["VirtualMachine", { vmsize: "Standard_B2s" }, "vmsize: unknown property"],
    ["VirtualMachine", { hardwareProfile: { size: "x" } }, "hardwareProfile.size: unknown property"],
    ["VirtualMachine", { vmName: "-web" }, "InvalidResourceName: '-web'"],
    ["VirtualMachine", { tags: { "a/b": "c" } }, "InvalidTagNameCharacters"],
    ["VirtualMachine", { osProfile: { ...profile, adminUsername: "root" } }, "'root' is not allowed"],
    ["VirtualMachine", { osProfile: { adminUsername: "firn" } }, "must be enabled"],
    ["VirtualMachine", { osProfile: { ...profile, customData: "x".repeat(70_000) } }, "at most 65535"],
    ["PublicIPAddress", { sku: { name: "Standard" } }, "MustBeStatic"],
    ["NetworkSecurityGroup", { securityRules: [rule, { ...rule, name: "b" }] }, "SecurityRuleConflict"],
    ["NetworkSecurityGroup", { securityRules: [{ ...rule, priority: 99 }] }, "SecurityRuleInvalidPriority"],
    [
      "NetworkSecurityGroup",
      { securityRules: [{ ...rule, destinationPortRange: "ssh" }] },
      "InvalidPortRange",
    ],
    [
      "NetworkSecurityGroup",
      { securityRules: [{ ...rule, destinationPortRanges: ["80"] }] },
      "one or a list",
    ],
    ["NetworkSecurityGroup", { securityRules: [{ ...rule, acces: "Allow" }] }, "acces: unknown property"],
    ["LoadBalancer", {}, "has no azure-native:network:LoadBalancer"],
  ])("%s %j is refused by the provider", (kind, inputs, reason) => {
    expect(checked(kind, inputs).join("\n")).toContain(reason);
  });

  test("what the API refuses", async () => {
    await expect(created("VirtualMachine")).rejects.toThrow("Resource group 'rg' could not be found");
    await created("ResourceGroup");
    const refused = async (more: object, reason: string) =>
      expect(created("VirtualMachine", more)).rejects.toThrow(reason);
    await refused({ location: "moon" }, "The provided location 'moon'");
    await refused({ hardwareProfile: { vmSize: "Huge" } }, "The value Huge provided");
    await refused({ hardwareProfile: { vmSize: "Standard_D2ps_v5" } }, "of architecture 'Arm64'");
    const disks = (luns: readonly number[], id = "/disk") => ({
      storageProfile: {
        imageReference: image,
        dataDisks: luns.map((lun) => ({ lun, createOption: "Attach", managedDisk: { id } })),
      },
    });
    await refused(
      { storageProfile: { imageReference: { ...image, offer: "nixos" } } },
      "PlatformImageNotFound",
    );
    await refused(disks([0, 1, 2, 3, 4]), "maximum number of data disks allowed is 4");
    await refused(disks([0, 0]), "the same LUN");
    await refused(disks([0]), "/disk referenced by the request was not found");
    await refused({ networkProfile: { networkInterfaces: [{ id: "/nic" }] } }, "/nic referenced");
    const subnet = { id: "/network/subnets/a" };
    await expect(created("NetworkInterface", { ipConfigurations: [{ name: "a", subnet }] })).rejects.toThrow(
      "/network referenced by the request",
    );
    await expect(created("ResourceGroup")).rejects.toThrow("exists already");
  });
});
