import { attachLoop, detachLoop, removeDisk, resizeDisk } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import { plugIn, plugOut } from "../plugin/server.js";
import { ZONES } from "./catalog.js";
import { deviceOf, diskOf } from "./disks.js";
import { instance } from "./instance.js";
import { common, idOf, leadsTo, linked } from "./links.js";
import { address, changed, firewall, network, subnetwork } from "./networks.js";
import { refuse } from "./refuse.js";
import { labelRefusals, nameRefusals } from "./rules.js";

const disk: Kind = {
  unique: "name",
  check: (inputs) => [
    ...nameRefusals(inputs),
    ...labelRefusals(inputs),
    // cloud.google.com/compute/docs/disks/persistent-disks
    ...(inputs.size !== undefined && Number(inputs.size) < 10
      ? [{ property: "size", reason: "Disk size: must be at least 10 GB" }]
      : []),
  ],
  // A smaller size too (terraform-provider-google, resource_compute_disk: isDiskShrinkage).
  replaces: (olds, news) => [
    ...changed(["name", "project", "zone", "type", "image", "snapshot"], olds, news),
    ...(Number(news.size) < Number(olds.size) ? ["size"] : []),
  ],
  async create(cloud, inputs, number) {
    const id = idOf(inputs, "zones", "disks");
    if (!(String(inputs.zone) in ZONES))
      throw refuse(
        "creating Disk",
        400,
        `Invalid value for field 'zone': '${inputs.zone}'. Unknown zone., invalid`,
      );
    await resizeDisk(diskOf(cloud, id), Number(inputs.size));
    return {
      id,
      outputs: {
        ...common(inputs, id),
        accessMode: "READ_WRITE_SINGLE",
        architecture: "",
        diskId: number,
        enableConfidentialCompute: false,
        guestOsFeatures: [],
        lastAttachTimestamp: "",
        lastDetachTimestamp: "",
        licenses: [],
        physicalBlockSizeBytes: 4096,
        provisionedIops: 0,
        provisionedThroughput: 0,
        resourcePolicies: [],
        size: inputs.size,
        sourceDiskId: "",
        sourceImageId: "",
        sourceInstantSnapshotId: "",
        sourceSnapshotId: "",
        users: [],
        zone: inputs.zone,
      },
    };
  },
  async update(cloud, old, news) {
    await resizeDisk(diskOf(cloud, old.id), Number(news.size));
    return {};
  },
  async delete(cloud, stored) {
    const user = cloud.list("AttachedDisk").find(({ inputs }) => leadsTo(inputs.disk, stored));
    if (user)
      throw refuse(
        "waiting for Deleting Disk",
        400,
        `The disk resource '${stored.id}' is already being used by '${user.inputs.instance}', resourceInUseByAnotherResource`,
      );
    await removeDisk(diskOf(cloud, stored.id));
  },
};

const attachedDisk: Kind = {
  // Nothing of it can be changed (resource_compute_attached_disk: ForceNew).
  replaces: (olds, news) =>
    changed(["disk", "instance", "deviceName", "mode", "project", "zone"], olds, news),
  async create(cloud, inputs) {
    const volume = linked(cloud, "Disk", inputs.disk);
    const server = linked(cloud, "Instance", inputs.instance);
    if (volume.inputs.zone !== server.inputs.zone)
      throw refuse(
        "waiting for disk to attach",
        400,
        "The disk must be in the same zone as the instance, invalid",
      );
    if (cloud.list("AttachedDisk").some((each) => leadsTo(each.inputs.disk, volume)))
      throw refuse(
        "waiting for disk to attach",
        400,
        `The disk resource '${volume.id}' is already being used, resourceInUseByAnotherResource`,
      );
    const deviceName = inputs.deviceName ?? "persistent-disk-1";
    await plugIn(
      server.hidden.machine ?? "",
      [deviceOf(deviceName)],
      await attachLoop(diskOf(cloud, volume.id)),
    );
    return {
      id: `${server.id}/${volume.inputs.name}`,
      outputs: {
        ...common(inputs, server.id),
        deviceName,
        mode: "READ_WRITE",
        interface: "SCSI",
        zone: server.inputs.zone,
      },
    };
  },
  async delete(cloud, { inputs }) {
    const file = diskOf(cloud, linked(cloud, "Disk", inputs.disk).id);
    const server = cloud.list("Instance").find((each) => leadsTo(inputs.instance, each));
    if (server) await plugOut(server.hidden.machine ?? "", await attachLoop(file));
    await detachLoop(file);
  },
};

const recordSet: Kind = {
  check: (inputs) =>
    inputs.name === undefined || String(inputs.name).endsWith(".")
      ? []
      : [{ property: "name", reason: "must end with a dot" }],
  replaces: (olds, news) => changed(["name", "managedZone", "project", "type"], olds, news),
  create: (_cloud, inputs) => ({
    id: `projects/firn-test/managedZones/${inputs.managedZone}/rrsets/${inputs.name}/${inputs.type}`,
    outputs: { deletionPolicy: "DELETE", project: inputs.project ?? "firn-test" },
  }),
};

const KINDS = {
  "gcp:compute/address:Address": address,
  "gcp:compute/attachedDisk:AttachedDisk": attachedDisk,
  "gcp:compute/disk:Disk": disk,
  "gcp:compute/firewall:Firewall": firewall,
  "gcp:compute/instance:Instance": instance,
  "gcp:compute/network:Network": network,
  "gcp:compute/subnetwork:Subnetwork": subnetwork,
  "gcp:dns/recordSet:RecordSet": recordSet,
};

/** Pulumi's types that the stand-in has. */
export const TOKENS = Object.keys(KINDS);

/** Every kind that a test can make; others are refused by name. */
export const kinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(KINDS).map(([token, kind]) => [token.slice(token.lastIndexOf(":") + 1), kind]),
);
