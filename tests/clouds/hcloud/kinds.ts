import { randomUUID } from "node:crypto";
import { ApiError } from "../plugin/api-error.js";
import type { Cloud } from "../plugin/cloud.js";
import { attachLoop, detachLoop, removeDisk, resizeDisk } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import { plugIn, plugOut } from "../plugin/server.js";
import { LOCATIONS } from "./catalog.js";
import { deviceOf, diskOf } from "./disks.js";
import { labelRefusals, ruleRefusals } from "./rules.js";
import { server } from "./server.js";

const sshKey: Kind = {
  unique: "name",
  check: labelRefusals,
  create: () => ({ outputs: { fingerprint: randomUUID() } }),
  // The public key cannot be changed (terraform-provider-hcloud, internal/sshkey: RequiresReplace).
  replaces: (olds, news) => (olds.publicKey === news.publicKey ? [] : ["publicKey"]),
};

const network: Kind = { unique: "name", check: labelRefusals };

const networkSubnet: Kind = {
  create(cloud, inputs) {
    cloud.require("Network", inputs.networkId);
    const gateway = String(inputs.ipRange).replace(/\.0\/\d+$/, ".1");
    return { id: `${inputs.networkId}-${inputs.ipRange}`, outputs: { gateway } };
  },
};

const firewall: Kind = {
  unique: "name",
  check: (inputs) => [...labelRefusals(inputs), ...ruleRefusals(inputs)],
  create: (_cloud, inputs) => ({ outputs: { applyTos: [], labels: inputs.labels ?? {} } }),
  delete(cloud, { id }) {
    const servers = cloud.list("Server").flatMap(({ inputs }) => (inputs.firewallIds ?? []) as unknown[]);
    const attachments = cloud.list("FirewallAttachment").map(({ inputs }) => inputs.firewallId);
    if ([...servers, ...attachments].includes(Number(id)))
      throw new ApiError(409, `firewall with ID '${id}' is still in use (resource_in_use)`);
  },
};

/** What the server itself is told of its firewalls is left alone (terraform-provider-hcloud, internal/firewall). */
const firewallAttachment: Kind = {
  check: (inputs) =>
    inputs.serverIds === undefined && inputs.labelSelectors === undefined
      ? [{ property: "serverIds", reason: "one of serverIds, labelSelectors must be specified" }]
      : [],
  create(cloud, inputs) {
    cloud.require("Firewall", inputs.firewallId);
    for (const server of (inputs.serverIds ?? []) as number[]) cloud.require("Server", server);
    return { id: String(inputs.firewallId) };
  },
};

const volume: Kind = {
  unique: "name",
  check(inputs) {
    const size = Number(inputs.size ?? 10);
    return [
      ...labelRefusals(inputs),
      // docs.hetzner.cloud, "Create a Volume"
      ...(size < 10 || size > 10_240
        ? [{ property: "size", reason: "must be between 10 and 10240 GB" }]
        : []),
    ];
  },
  async create(cloud, inputs, id) {
    if (inputs.location === undefined && inputs.serverId === undefined)
      throw new ApiError(422, "missing location or server (invalid_input)");
    if (inputs.location !== undefined && !(String(inputs.location) in LOCATIONS))
      throw new ApiError(422, `location '${inputs.location}' not found (invalid_input)`);
    await resizeDisk(diskOf(cloud, id), Number(inputs.size));
    return { outputs: { linuxDevice: deviceOf(id), serverId: 0 } };
  },
  async update(cloud, old, news) {
    if (Number(news.size) < Number(old.inputs.size))
      throw new ApiError(422, "size must be bigger than the current size (invalid_input)");
    await resizeDisk(diskOf(cloud, old.id), Number(news.size));
    return {};
  },
  async delete(cloud, { id }) {
    if (cloud.list("VolumeAttachment").some(({ inputs }) => String(inputs.volumeId) === id))
      throw new ApiError(423, "volume is attached to a server (locked)");
    await removeDisk(diskOf(cloud, id));
  },
};

const volumeAttachment: Kind = {
  async create(cloud, inputs) {
    const disk = cloud.require("Volume", inputs.volumeId);
    const { machine, outputs } = machineOf(cloud, inputs.serverId);
    if (disk.inputs.location !== outputs.location)
      throw new ApiError(422, "server and volume must be in the same location (invalid_input)");
    if (cloud.list("VolumeAttachment").some((each) => each.inputs.volumeId === inputs.volumeId))
      throw new ApiError(409, "volume is already attached to a server (volume_already_attached)");
    await plugIn(machine, [deviceOf(disk.id)], await attachLoop(diskOf(cloud, disk.id)));
    return { id: disk.id };
  },
  async delete(cloud, { inputs }) {
    const file = diskOf(cloud, String(inputs.volumeId));
    const machine = cloud.get("Server", inputs.serverId)?.hidden.machine;
    if (machine) await plugOut(machine, await attachLoop(file));
    await detachLoop(file);
  },
};

const floatingIp: Kind = {
  unique: "name",
  check: (inputs) => [
    ...labelRefusals(inputs),
    ...(inputs.type === "ipv4" || inputs.type === "ipv6"
      ? []
      : [{ property: "type", reason: "must be ipv4 or ipv6" }]),
  ],
  create(_cloud, inputs, id) {
    const ipAddress = inputs.type === "ipv6" ? `2001:db8:f::${id}` : `203.0.113.${Number(id) % 250}`;
    return { outputs: { homeLocation: "fsn1", ...inputs, ipAddress, ipNetwork: "", serverId: 0 } };
  },
};

const floatingIpAssignment: Kind = {
  create(cloud, inputs) {
    cloud.require("FloatingIp", inputs.floatingIpId);
    cloud.require("Server", inputs.serverId);
    return { id: String(inputs.floatingIpId) };
  },
};

const rdns: Kind = {
  check: (inputs) =>
    ["floatingIpId", "loadBalancerId", "primaryIpId", "serverId"].filter((name) => inputs[name] !== undefined)
      .length > 1
      ? [{ property: "serverId", reason: "exactly one resource may be named" }]
      : [],
  create(cloud, inputs) {
    const { outputs } = cloud.require("Server", inputs.serverId);
    if (![outputs.ipv4Address, outputs.ipv6Address].includes(inputs.ipAddress))
      throw new ApiError(404, `IP ${inputs.ipAddress} does not belong to the server (not_found)`);
    return { id: `s-${inputs.serverId}-${inputs.ipAddress}` };
  },
  // terraform-provider-hcloud, internal/rdns: all but dnsPtr is RequiresReplace
  replaces: (olds, news) => ["ipAddress", "serverId"].filter((name) => olds[name] !== news[name]),
};

const placementGroup: Kind = {
  unique: "name",
  check: (inputs) => [
    ...labelRefusals(inputs),
    ...(inputs.type === "spread"
      ? []
      : [{ property: "type", reason: `${inputs.type} is not a valid placement group type` }]),
  ],
  create: () => ({ outputs: { servers: [] } }),
};

/** Every kind that a test can make; the schema's others are refused by name. */
export const kinds: Readonly<Record<string, Kind>> = {
  Firewall: firewall,
  FirewallAttachment: firewallAttachment,
  FloatingIp: floatingIp,
  FloatingIpAssignment: floatingIpAssignment,
  Network: network,
  NetworkSubnet: networkSubnet,
  PlacementGroup: placementGroup,
  Rdns: rdns,
  Server: server,
  SshKey: sshKey,
  Volume: volume,
  VolumeAttachment: volumeAttachment,
};

function machineOf(cloud: Cloud, serverId: unknown) {
  const { hidden, outputs } = cloud.require("Server", serverId);
  return { machine: hidden.machine ?? "", outputs };
}
