import { containerOf } from "../../lab/lab.js";
import { ApiError } from "../plugin/api-error.js";
import { attachLoop, detachLoop, removeDisk, resizeDisk } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import { plugIn, plugOut, serverRuns } from "../plugin/server.js";
import { regionOf, ZONES } from "./catalog.js";
import { deviceOf, diskOf } from "./disks.js";
import { differing, idOf, known } from "./network.js";
import { refuse } from "./refuse.js";

export const volume: Kind = {
  check(inputs) {
    const { size, snapshotId } = inputs as { size?: number; snapshotId?: string };
    if (size === undefined && snapshotId === undefined)
      return [{ property: "size", reason: "one of `size,snapshot_id` must be specified" }];
    return size !== undefined && (size < 1 || size > 16_384)
      ? [{ property: "size", reason: "must be between 1 and 16384 GiB" }]
      : [];
  },
  async create(cloud, inputs, number) {
    const region = regionOf(inputs);
    const zones = ZONES[region]?.split("").map((letter) => `${region}${letter}`) ?? [];
    if (!zones.includes(String(inputs.availabilityZone)))
      throw refuse(
        "CreateVolume",
        "InvalidZone.NotFound",
        `The zone '${inputs.availabilityZone}' does not exist.`,
      );
    const id = idOf("vol", number);
    await resizeDisk(diskOf(cloud, id), Number(inputs.size));
    return { id, outputs: { arn: `arn:aws:ec2:${region}:123456789012:volume/${id}` } };
  },
  replaces: differing(["availabilityZone", "encrypted", "kmsKeyId", "outpostArn", "snapshotId"]),
  async update(cloud, old, news) {
    if (Number(news.size) < Number(old.inputs.size))
      throw refuse("ModifyVolume", "InvalidParameterValue", "New size cannot be smaller than existing size");
    await resizeDisk(diskOf(cloud, old.id), Number(news.size));
    return {};
  },
  async delete(cloud, { id }) {
    if (cloud.list("VolumeAttachment").some(({ inputs }) => inputs.volumeId === id))
      throw refuse("DeleteVolume", "VolumeInUse", `Volume ${id} is currently attached`);
    await removeDisk(diskOf(cloud, id));
  },
};

export const volumeAttachment: Kind = {
  async create(cloud, inputs) {
    const operation = "AttachVolume";
    const disk = known(cloud, "Volume", inputs.volumeId, operation, "InvalidVolume.NotFound");
    const instance = known(cloud, "Instance", inputs.instanceId, operation, "InvalidInstanceID.NotFound");
    if (disk.outputs.availabilityZone !== instance.outputs.availabilityZone)
      throw refuse(
        operation,
        "InvalidVolume.ZoneMismatch",
        `The volume '${disk.id}' is not in the same availability zone as instance '${instance.id}'`,
      );
    const attached = cloud.list("VolumeAttachment");
    if (attached.some((each) => each.inputs.volumeId === disk.id))
      throw refuse(operation, "VolumeInUse", `${disk.id} is already attached to an instance`);
    if (!/^\/dev\/(sd[f-p]|xvd[b-z])$/.test(String(inputs.deviceName)))
      throw refuse(
        operation,
        "InvalidParameterValue",
        `Value (${inputs.deviceName}) for parameter device is invalid.`,
      );
    const same = (each: (typeof attached)[number]) =>
      each.inputs.instanceId === instance.id && each.inputs.deviceName === inputs.deviceName;
    if (attached.some(same))
      throw refuse(operation, "InvalidParameterValue", `${inputs.deviceName} is already in use`);
    await plugIn(
      instance.hidden.machine ?? "",
      [deviceOf(disk.id)],
      await attachLoop(diskOf(cloud, disk.id)),
    );
    return { id: `vai-${instance.id}-${disk.id}`, outputs: {} };
  },
  replaces: differing(["deviceName", "instanceId", "volumeId"]),
  async delete(cloud, { inputs }) {
    const volumeId = String(inputs.volumeId);
    const file = diskOf(cloud, volumeId);
    const machine = cloud.get("Instance", inputs.instanceId)?.hidden.machine;
    if (machine) {
      const loop = await attachLoop(file);
      if (await isMounted(machine, [loop, deviceOf(volumeId)]))
        // The provider waits for so long.
        throw new ApiError(
          400,
          `waiting for EBS Volume (${volumeId}) Attachment delete: timeout while waiting for state to become 'detached' (last state: 'busy', timeout: 5m0s)`,
        );
      await plugOut(machine, loop);
    }
    await detachLoop(file);
  },
};

async function isMounted(machine: string, devices: readonly string[]): Promise<boolean> {
  if (!serverRuns(machine)) return false;
  const mounts = await containerOf(machine).exec(["cat", "/proc/mounts"]);
  return mounts.split("\n").some((line) => devices.includes(line.split(" ")[0] ?? ""));
}
