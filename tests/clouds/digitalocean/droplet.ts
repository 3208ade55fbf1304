import { setTimeout as sleep } from "node:timers/promises";
import type { Cloud } from "../plugin/cloud.js";
import { detachLoop } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import { makeServer, removeServer, serverRuns, startServer, stopServer } from "../plugin/server.js";
import { IMAGES, REGIONS, SIZES, type Size } from "./catalog.js";
import { diskOf } from "./disks.js";
import { refuse } from "./refuse.js";
import { tagRefusals } from "./rules.js";

/** docs.digitalocean.com, "Create a New Droplet": user_data may be up to 64 KiB. */
const USER_DATA_LIMIT = 64 * 1024;

/** A droplet, as terraform-provider-digitalocean's droplet/resource_droplet.go makes and changes it. */
export const droplet: Kind = {
  check(inputs) {
    const empty = ["image", "name", "region", "size", "userData", "vpcUuid"].filter(
      (name) => inputs[name] === "",
    );
    return [...tagRefusals(inputs), ...empty.map((property) => ({ property, reason: "must not be empty" }))];
  },

  // IPv6 can be switched on, and not off again (ForceNewIfChange).
  replaces: (olds, news) => (olds.ipv6 === true && news.ipv6 !== true ? ["ipv6"] : []),

  async create(cloud, inputs, id) {
    const doing = "creating droplet";
    const size = sizeOf(inputs.size, doing);
    const region = String(inputs.region ?? "nyc3");
    if (!(region in REGIONS))
      throw refuse(doing, 422, "You specified an invalid region for Droplet creation.");
    if (!IMAGES.includes(String(inputs.image)) && !/^\d+$/.test(String(inputs.image)))
      throw refuse(doing, 422, "You specified an invalid image for Droplet creation.");
    const hostname = String(inputs.name);
    if (!/^[A-Za-z0-9.-]{1,255}$/.test(hostname))
      throw refuse(doing, 422, "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
    const userData = String(inputs.userData ?? "");
    if (Buffer.byteLength(userData) > USER_DATA_LIMIT)
      throw refuse(doing, 422, "user_data is too long (maximum is 64KB)");
    const keys = ((inputs.sshKeys ?? []) as string[]).map((key) => {
      const found = cloud.list("SshKey").find((each) => each.id === key || each.outputs.fingerprint === key);
      if (!found) throw refuse(doing, 422, `${key} are invalid key identifiers for Droplet creation.`);
      return String(found.inputs.publicKey);
    });
    const vpc = vpcOf(cloud, inputs.vpcUuid, region);
    const inside = nextAddress(cloud, vpc.prefix);

    const { faults } = cloud;
    const { machine, address } = await makeServer({
      hostname,
      userData,
      authorizedKeys: keys,
      delaySeconds: faults.bootSeconds ?? 0,
      // docs.digitalocean.com, "Droplet Metadata API"
      metadata: {
        "metadata/v1/hostname": hostname,
        "metadata/v1/id": id,
        "metadata/v1/user-data": userData,
      },
      addresses: [`${inside}/20`],
    });
    await sleep((faults.addressSeconds ?? 0) * 1000);
    return {
      hidden: { machine },
      outputs: {
        createdAt: new Date().toISOString(),
        dropletUrn: `do:droplet:${id}`,
        ipv4Address: address,
        ipv4AddressPrivate: inside,
        ipv6Address: inputs.ipv6 ? `2001:db8:d0:${Number(id).toString(16)}::1:a001` : "",
        locked: false,
        priceHourly: 0.01,
        priceMonthly: 6,
        privateNetworking: true,
        publicNetworking: true,
        region,
        status: "active",
        volumeIds: [],
        vpcUuid: vpc.id,
        ...size,
      },
    };
  },

  read: (cloud, { id, hidden }) => ({
    status: serverRuns(hidden.machine ?? "") ? "active" : "off",
    volumeIds: cloud
      .list("VolumeAttachment")
      .filter(({ inputs }) => String(inputs.dropletId) === id)
      .map(({ inputs }) => inputs.volumeId),
  }),

  async update(cloud, old, news) {
    if (old.inputs.size === news.size) return {};
    const doing = `resizing droplet (${old.id})`;
    const size = sizeOf(news.size, doing);
    const { machine = "" } = old.hidden;
    await stopServer(machine);
    // Refused or done, the provider switches the droplet on again.
    await startServer(machine);
    if (cloud.faults.refuseResize) throw refuse(doing, 422, cloud.faults.refuseResize);
    if (size.disk < Number(old.outputs.disk))
      throw refuse(doing, 422, "This size is not available because it has a smaller disk.");
    return { outputs: news.resizeDisk === false ? { ...size, disk: old.outputs.disk } : { ...size } };
  },

  async delete(cloud, { id, hidden }) {
    if (hidden.machine) await removeServer(hidden.machine);
    // A droplet's volumes are detached when it goes.
    for (const attachment of cloud
      .list("VolumeAttachment")
      .filter((each) => String(each.inputs.dropletId) === id)) {
      await detachLoop(diskOf(cloud, String(attachment.inputs.volumeId)));
      cloud.remove("VolumeAttachment", attachment.id);
    }
  },
};

function sizeOf(slug: unknown, doing: string): Size {
  const size = SIZES[String(slug)];
  if (!size) throw refuse(doing, 422, "You specified an invalid size for Droplet creation.");
  return size;
}

/** The VPC that was asked for, or the region's default one. */
function vpcOf(cloud: Cloud, uuid: unknown, region: string): { id: string; prefix: string } {
  if (uuid === undefined) return { id: `default-${region}`, prefix: `10.${REGIONS[region]}.0` };
  const vpc = cloud.get("Vpc", uuid);
  if (vpc?.inputs.region !== region)
    throw refuse("creating droplet", 422, "vpc_uuid does not name a VPC in the droplet's region");
  return { id: vpc.id, prefix: String(vpc.outputs.ipRange).replace(/\.\d+\/\d+$/, "") };
}

/** Addresses that this process has given away. */
const promised = new Set<string>();

function nextAddress(cloud: Cloud, prefix: string): string {
  const taken = cloud.list("Droplet").map(({ outputs }) => outputs.ipv4AddressPrivate);
  let next = 2;
  while (taken.includes(`${prefix}.${next}`) || promised.has(`${prefix}.${next}`)) next += 1;
  promised.add(`${prefix}.${next}`);
  return `${prefix}.${next}`;
}
