import type { MachineSpec } from "@firn/nixos";
import { resourceName, told, transformed, volumeModule } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";
import type { GcpArgs } from "./args.js";
import { labelsOf } from "./labels.js";
import { sdk } from "./sdk.js";
import { projectOf } from "./shared.js";

/**
 * Makes a machine's volumes, which are persistent disks, and attaches them.
 *
 * @param instance its self link
 * @returns NixOS modules that mount them, whose values are known once they are attached
 */
export function volumesOf(
  machine: MachineSpec,
  args: GcpArgs,
  instance: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
) {
  const { AttachedDisk, Disk } = sdk();
  const { transform = {}, zone } = args;
  return Object.entries(args.volumes ?? {}).map(([volumeName, volumeArgs]) => {
    const name = `${machine.network}-${machine.name}-${volumeName}`;
    const disk = new Disk(
      ...transformed(
        transform.disk,
        name,
        {
          ...projectOf(args),
          name: resourceName([machine.network, machine.stack, machine.name, volumeName]),
          size: volumeArgs.size,
          type: "pd-balanced",
          zone,
          labels: labelsOf(machine, "machine"),
        },
        opts,
      ),
    );
    const attached = new AttachedDisk(
      ...transformed(
        transform.attachedDisk,
        name,
        { disk: told(disk.id), instance: told(instance), deviceName: resourceName([volumeName]) },
        // A disk is attached to one instance at a time.
        { ...opts, deleteBeforeReplace: true },
      ),
    );
    // The name under which Linux finds it on any bus (cloud.google.com/compute/docs/disks/disk-symlinks), told by what
    // attaches it: no system that mounts it is deployed before.
    return volumeModule(
      attached.deviceName.apply((device) => `/dev/disk/by-id/google-${device}`),
      volumeArgs,
    );
  });
}
