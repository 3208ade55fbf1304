import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { attachLoop, detachLoop, removeDisk, resizeDisk } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import { plugIn, plugOut } from "../plugin/server.js";
import { REGIONS } from "./catalog.js";
import { deviceOf, diskOf } from "./disks.js";
import { droplet } from "./droplet.js";
import { refuse } from "./refuse.js";
import { ruleRefusals, tagRefusals } from "./rules.js";

const sshKey: Kind = {
  unique: "publicKey",
  create: () => ({ outputs: { fingerprint: randomUUID() } }),
};

const vpc: Kind = {
  unique: "name",
  create(cloud, inputs, number) {
    const region = REGIONS[String(inputs.region)];
    if (region === undefined) throw refuse("creating VPC", 422, "region is invalid");
    const ipRange = inputs.ipRange ?? `10.${region}.${16 * (Number(number) % 16)}.0/20`;
    const other = cloud.list("Vpc").some(({ outputs }) => outputs.ipRange === ipRange);
    if (other)
      throw refuse("creating VPC", 422, "This range/size overlaps with another VPC network in your account");
    const id = randomUUID();
    return { id, outputs: { createdAt: "", default: false, ipRange, vpcUrn: `do:vpc:${id}` } };
  },
  delete(cloud, { id }) {
    if (cloud.list("Droplet").some(({ inputs }) => inputs.vpcUuid === id))
      throw refuse("deleting VPC", 409, "Can not delete VPC with members");
  },
};

const firewall: Kind = {
  unique: "name",
  check: (inputs) => [...tagRefusals(inputs), ...ruleRefusals(inputs)],
  create(cloud, inputs) {
    for (const id of (inputs.dropletIds ?? []) as number[]) cloud.require("Droplet", id);
    return { id: randomUUID(), outputs: { createdAt: "", pendingChanges: [], status: "succeeded" } };
  },
};

const volume: Kind = {
  unique: "name",
  check: (inputs) => [
    ...tagRefusals(inputs),
    // docs.digitalocean.com, "Create a New Block Storage Volume"
    ...(inputs.name !== undefined && !/^[a-z][a-z0-9-]{0,63}$/.test(String(inputs.name))
      ? [
          {
            property: "name",
            reason: "must be lowercase and be composed only of numbers, letters and -, up to 64 characters",
          },
        ]
      : []),
    ...(Number(inputs.size ?? 1) < 1
      ? [{ property: "size", reason: "expected size to be at least (1)" }]
      : []),
  ],
  async create(cloud, inputs) {
    if (!(String(inputs.region) in REGIONS)) throw refuse("creating Volume", 422, "region is invalid");
    const id = randomUUID();
    await resizeDisk(diskOf(cloud, id), Number(inputs.size));
    return {
      id,
      outputs: { dropletIds: [], filesystemLabel: "", filesystemType: "", volumeUrn: `do:volume:${id}` },
    };
  },
  async update(cloud, old, news) {
    if (Number(news.size) < Number(old.inputs.size))
      throw refuse("updating Volume", 422, "volumes `size` can only be expanded and not shrunk");
    await resizeDisk(diskOf(cloud, old.id), Number(news.size));
    return {};
  },
  async delete(cloud, { id }) {
    if (cloud.list("VolumeAttachment").some(({ inputs }) => inputs.volumeId === id))
      throw refuse("deleting volume", 409, "a volume that is attached to a Droplet cannot be deleted");
    await removeDisk(diskOf(cloud, id));
  },
};

const volumeAttachment: Kind = {
  async create(cloud, inputs) {
    const disk = cloud.require("Volume", inputs.volumeId);
    const { hidden, outputs } = cloud.require("Droplet", inputs.dropletId);
    if (disk.inputs.region !== outputs.region)
      throw refuse("attaching volume", 422, "Droplet and volume must be in the same region");
    if (cloud.list("VolumeAttachment").some((each) => each.inputs.volumeId === inputs.volumeId))
      throw refuse("attaching volume", 422, "This volume is already attached to a Droplet");
    await plugIn(
      hidden.machine ?? "",
      [deviceOf(disk.inputs.name)],
      await attachLoop(diskOf(cloud, disk.id)),
    );
    return { id: `${inputs.dropletId}-${inputs.volumeId}` };
  },
  async delete(cloud, { inputs }) {
    const file = diskOf(cloud, String(inputs.volumeId));
    const machine = cloud.get("Droplet", inputs.dropletId)?.hidden.machine;
    if (machine) await plugOut(machine, await attachLoop(file));
    await detachLoop(file);
  },
};

const reservedIp: Kind = {
  create(_cloud, _inputs, number) {
    const ipAddress = `203.0.113.${Number(number) % 250}`;
    return { id: ipAddress, outputs: { ipAddress, reservedIpUrn: `do:reservedip:${ipAddress}` } };
  },
};

const reservedIpAssignment: Kind = {
  create(cloud, inputs) {
    cloud.require("ReservedIp", inputs.ipAddress);
    cloud.require("Droplet", inputs.dropletId);
    return { id: `${inputs.dropletId}-${inputs.ipAddress}` };
  },
};

const domain: Kind = {
  unique: "name",
  create: (_cloud, { name }) => ({
    id: String(name),
    outputs: { domainUrn: `do:domain:${name}`, ttl: 1800 },
  }),
};

const dnsRecord: Kind = {
  create(cloud, inputs) {
    cloud.require("Domain", inputs.domain);
    if (inputs.type === "A" && isIP(String(inputs.value)) !== 4)
      throw refuse("creating record", 422, "IP address did not match IPv4 format (e.g. 127.0.0.1).");
    return { outputs: { fqdn: `${inputs.name}.${inputs.domain}`, ttl: 1800 } };
  },
};

/** Every kind that a test can make; the schema's others are refused by name. */
export const kinds: Readonly<Record<string, Kind>> = {
  DnsRecord: dnsRecord,
  Domain: domain,
  Droplet: droplet,
  Firewall: firewall,
  ReservedIp: reservedIp,
  ReservedIpAssignment: reservedIpAssignment,
  SshKey: sshKey,
  Volume: volume,
  VolumeAttachment: volumeAttachment,
  Vpc: vpc,
};
