import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../plugin/api-error.js";
import type { Cloud } from "../plugin/cloud.js";
import { detachLoop } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties } from "../plugin/schema.js";
import { makeServer, removeServer, serverRuns, startServer, stopServer } from "../plugin/server.js";
import { IMAGES, LOCATIONS, SERVER_TYPES, type ServerType } from "./catalog.js";
import { diskOf } from "./disks.js";
import { labelRefusals } from "./rules.js";

/** docs.hetzner.cloud, "Create a Server": user_data is limited to 32 KiB. */
const USER_DATA_LIMIT = 32 * 1024;

/** A server, as terraform-provider-hcloud's internal/server makes and changes it. */
export const server: Kind = {
  unique: "name",
  check(inputs) {
    const { name, deleteProtection = false, rebuildProtection = false } = inputs;
    return [
      ...labelRefusals(inputs),
      ...(inputs.image === "" ? [{ property: "image", reason: "must have more than 0 characters" }] : []),
      ...(inputs.datacenter === undefined ? [] : [{ property: "datacenter", reason: "Removed Attribute" }]),
      ...(name === undefined || /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?$/.test(String(name))
        ? []
        : [{ property: "name", reason: "must be a valid hostname" }]),
      ...(deleteProtection === rebuildProtection
        ? []
        : [{ property: "rebuildProtection", reason: "needs to be the same as deleteProtection" }]),
    ];
  },

  async create(cloud, inputs, id) {
    const type = typeOf(inputs.serverType);
    const location = String(inputs.location ?? "fsn1");
    const zone = LOCATIONS[location];
    if (!zone) throw new ApiError(422, `location '${location}' not found (invalid_input)`);
    if (!type.zones.includes(zone))
      throw new ApiError(422, "unsupported location for server type (invalid_input)");
    if (!IMAGES.includes(String(inputs.image)) && !/^\d+$/.test(String(inputs.image)))
      throw new ApiError(404, `image ${inputs.image} for architecture ${type.architecture} not found`);
    const userData = String(inputs.userData ?? "");
    if (Buffer.byteLength(userData) > USER_DATA_LIMIT)
      throw new ApiError(422, "user_data is too long: at most 32 KiB (invalid_input)");
    const keys = ((inputs.sshKeys ?? []) as string[]).map((key) => {
      const found = cloud.list("SshKey").find((each) => each.id === key || each.inputs.name === key);
      if (!found) throw new ApiError(404, `SSH key not found: ${key}`);
      return String(found.inputs.publicKey);
    });
    for (const firewall of (inputs.firewallIds ?? []) as number[]) cloud.require("Firewall", firewall);
    const networks = ((inputs.networks ?? []) as Properties[]).map((each) => attach(cloud, each, zone));

    const hostname = String(inputs.name);
    const { faults } = cloud;
    const { machine, address } = await makeServer({
      hostname,
      userData,
      authorizedKeys: keys,
      delaySeconds: faults.bootSeconds ?? 0,
      // docs.hetzner.cloud, "Server Metadata"
      metadata: { "hetzner/v1/userdata": userData, "hetzner/v1/metadata/hostname": hostname },
      addresses: networks.map(({ ip }) => `${ip}/16`),
    });
    await sleep((faults.addressSeconds ?? 0) * 1000);
    const ipv6 = `2001:db8:${Number(id).toString(16)}:`;
    return {
      hidden: { machine },
      outputs: {
        backupWindow: "",
        datacenter: `${location}-dc1`,
        firewallIds: inputs.firewallIds ?? [],
        ipv4Address: address,
        ipv6Address: `${ipv6}:1`,
        ipv6Network: `${ipv6}:/64`,
        location,
        networks,
        primaryDiskSize: type.disk,
        status: "running",
      },
    };
  },

  read: (_cloud, { hidden }) => ({ status: serverRuns(hidden.machine ?? "") ? "running" : "off" }),

  async update(cloud, old, news) {
    if (old.inputs.serverType === news.serverType) return {};
    const [before, after] = [typeOf(old.inputs.serverType), typeOf(news.serverType)];
    const { machine = "" } = old.hidden;
    const refused = cloud.faults.refuseResize;
    if (refused) throw new ApiError(412, `${refused} (resource_unavailable)`);
    // docs.hetzner.cloud, "Change the Type of a Server": invalid_server_type
    if (before.architecture !== after.architecture || after.disk < Number(old.outputs.primaryDiskSize))
      throw new ApiError(422, "the server type does not fit for the given server (invalid_server_type)");
    await stopServer(machine);
    await startServer(machine);
    const keepsDisk = news.keepDisk === true;
    return { outputs: { primaryDiskSize: keepsDisk ? old.outputs.primaryDiskSize : after.disk } };
  },

  async delete(cloud, { id, inputs, hidden }) {
    if (inputs.deleteProtection === true) throw new ApiError(423, "server is delete protected (protected)");
    if (hidden.machine) await removeServer(hidden.machine);
    // A server's volumes are detached when it goes.
    for (const attachment of cloud
      .list("VolumeAttachment")
      .filter((each) => String(each.inputs.serverId) === id)) {
      await detachLoop(diskOf(cloud, attachment.id));
      cloud.remove("VolumeAttachment", attachment.id);
    }
  },
};

function typeOf(name: unknown): ServerType {
  const type = SERVER_TYPES[String(name)];
  if (!type) throw new ApiError(422, `server type ${name} not found`);
  return type;
}

/** Addresses of servers that are being made. */
const promised = new Set<string>();

/** Takes an address in a network that has a subnet in the server's zone. */
function attach(cloud: Cloud, { networkId, ip, aliasIps }: Properties, zone: string) {
  cloud.require("Network", networkId);
  const subnet = cloud
    .list("NetworkSubnet")
    .find(({ inputs }) => inputs.networkId === networkId && inputs.networkZone === zone);
  if (!subnet) throw new ApiError(422, `no subnet in network zone ${zone} (no_subnet_available)`);
  const prefix = String(subnet.inputs.ipRange).replace(/\.\d+\/\d+$/, "");
  const taken = cloud
    .list("Server")
    .flatMap(({ outputs }) => (outputs.networks ?? []) as Properties[])
    .filter((each) => each.networkId === networkId)
    .map((each) => each.ip);
  // The first address is the gateway's.
  let next = 2;
  while (taken.includes(`${prefix}.${next}`) || promised.has(`${networkId}/${prefix}.${next}`)) next += 1;
  promised.add(`${networkId}/${prefix}.${next}`);
  return {
    networkId,
    aliasIps: aliasIps ?? [],
    ip: ip ?? `${prefix}.${next}`,
    macAddress: "86:00:00:00:00:01",
  };
}
