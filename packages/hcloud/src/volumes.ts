import type { MachineSpec } from "@firn/nixos";
import { resourceName, told, transformed, volumeModule } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";
import type { HcloudArgs } from "./args.js";
import { labelsOf } from "./labels.js";
import { sdk } from "./sdk.js";

/**
 * Makes a machine's volumes and attaches them.
 *
 * @returns NixOS modules that mount them, whose values are known once they are attached
 */
export function volumesOf(
  machine: MachineSpec,
  args: HcloudArgs,
  serverId: pulumi.Output<number>,
  opts: pulumi.CustomResourceOptions,
) {
  const { Volume, VolumeAttachment } = sdk();
  const { transform = {}, location } = args;
  return Object.entries(args.volumes ?? {}).map(([volumeName, volumeArgs]) => {
    const name = `${machine.network}-${machine.name}-${volumeName}`;
    const volume = new Volume(
      ...transformed(
        transform.volume,
        name,
        {
          name: resourceName([machine.network, machine.stack, machine.name, volumeName]),
          size: volumeArgs.size,
          location,
          labels: labelsOf(machine, "machine"),
        },
        opts,
      ),
    );
    const attachment = new VolumeAttachment(
      ...transformed(
        transform.volumeAttachment,
        name,
        { volumeId: told(volume.id).apply(Number), serverId, automount: false },
        // A volume is attached to one server at a time.
        { ...opts, deleteBeforeReplace: true },
      ),
    );
    // The name under which Linux finds it (docs.hetzner.com/cloud/volumes), told by what attaches it: no system that
    // mounts it is deployed before.
    const device = attachment.volumeId.apply((id) => `/dev/disk/by-id/scsi-0HC_Volume_${id}`);
    return volumeModule(device, volumeArgs);
  });
}
