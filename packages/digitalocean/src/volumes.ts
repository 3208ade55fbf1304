import type { MachineSpec } from "@firn/nixos";
import { resourceName, told, transformed, volumeModule } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import type { DigitaloceanArgs } from "./args.js";
import { sdk } from "./sdk.js";
import { tagsOf } from "./tags.js";

/**
 * Makes a machine's volumes and attaches them.
 *
 * @returns NixOS modules that mount them, whose values are known once they are attached
 */
export function volumesOf(
  machine: MachineSpec,
  args: DigitaloceanArgs,
  dropletId: pulumi.Output<number>,
  opts: pulumi.CustomResourceOptions,
) {
  const { Volume, VolumeAttachment } = sdk();
  const { transform = {}, region } = args;
  return Object.entries(args.volumes ?? {}).map(([volumeName, volumeArgs]) => {
    const name = `${machine.network}-${machine.name}-${volumeName}`;
    const volume = new Volume(
      ...transformed(
        transform.volume,
        name,
        {
          name: resourceName([machine.network, machine.stack, machine.name, volumeName]),
          size: volumeArgs.size,
          region,
          tags: tagsOf(machine),
        },
        opts,
      ),
    );
    const attachment = new VolumeAttachment(
      ...transformed(
        transform.volumeAttachment,
        name,
        { volumeId: told(volume.id), dropletId },
        // A volume is attached to one droplet at a time.
        { ...opts, deleteBeforeReplace: true },
      ),
    );
    // The name under which Linux finds it (docs.digitalocean.com, "Mount Volumes"), told when it is attached: no system
    // that mounts it is deployed before.
    const device = pulumi
      .all([volume.name, attachment.id])
      .apply(([given]) => `/dev/disk/by-id/scsi-0DO_Volume_${given}`);
    return volumeModule(device, volumeArgs);
  });
}
