import type { MachineSpec } from "@firn/nixos";
import { resourceName, told, transformed, untracked, volumeModule } from "@firn/nixos/cloud";
import type { Volume } from "@pulumi/aws/ebs/index.js";
import type { Instance } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ec2Args } from "./args.js";
import { sdk } from "./sdk.js";
import { type Place, regionOf } from "./shared.js";
import { tagsOf } from "./tags.js";

/** Names that EC2 keeps for volumes (docs.aws.amazon.com, "Device names for volumes on Amazon EC2 instances"). */
const DEVICE_LETTERS = "fghijklmnop";

/** Instance types that see EBS volumes as Xen's disks; later ones see NVMe (…, "Instances built on the AWS Nitro System"). */
const XEN = /^(c[134]|d2|f1|g[23]s?|h1|hs1|i[23]|m[1-4]|p[23]|r[34]|t[12]|x1e?)\.(?!metal)/;

/** Makes a machine's volumes, before the instance that they are attached to. */
export function volumesOf(
  machine: MachineSpec,
  args: Ec2Args,
  { availabilityZone }: Place,
  opts: pulumi.CustomResourceOptions,
): Map<string, Volume> {
  const names = Object.keys(args.volumes ?? {});
  if (names.length > 0 && availabilityZone === undefined)
    throw new pulumi.RunError(
      `Machine "${machine.name}" has volumes, which are made in its availability zone: say which (availabilityZone) or in which subnet it is (subnet).`,
    );
  if (names.length > DEVICE_LETTERS.length)
    throw new pulumi.RunError(
      `Machine "${machine.name}" has ${names.length} volumes, and EC2 attaches ${DEVICE_LETTERS.length} at most.`,
    );
  const { Volume } = sdk().ebs;
  return new Map(
    Object.entries(args.volumes ?? {}).map(([volumeName, { size }]) => {
      const volumeArgs = {
        availabilityZone: availabilityZone as pulumi.Input<string>,
        size,
        type: "gp3",
        tags: tagsOf(
          machine,
          "machine",
          resourceName([machine.network, machine.stack, machine.name, volumeName]),
        ),
        ...regionOf(args),
      };
      const name = `${machine.network}-${machine.name}-${volumeName}`;
      return [volumeName, new Volume(...transformed(args.transform?.volume, name, volumeArgs, opts))];
    }),
  );
}

/**
 * Attaches a machine's volumes.
 *
 * @returns NixOS modules that mount them, whose values are known once they are attached
 */
export function attach(
  machine: MachineSpec,
  args: Ec2Args,
  volumes: ReadonlyMap<string, Volume>,
  instance: Instance,
  opts: pulumi.CustomResourceOptions,
) {
  const { VolumeAttachment } = sdk().ec2;
  return Object.entries(args.volumes ?? {}).map(([volumeName, volumeArgs], index) => {
    const letter = DEVICE_LETTERS[index];
    const attachment = new VolumeAttachment(
      ...transformed(
        args.transform?.volumeAttachment,
        `${machine.network}-${machine.name}-${volumeName}`,
        {
          volumeId: (volumes.get(volumeName) as Volume).id,
          instanceId: untracked(told(instance.id)),
          deviceName: `/dev/sd${letter}`,
          ...regionOf(args),
        },
        // EC2 does not let go of a volume that is mounted: one goes with its instance, which is gone before the next one
        // is made, and one that leaves the program has been unmounted by the deployment before.
        { ...opts, deleteBeforeReplace: true, dependsOn: instance, deletedWith: instance },
      ),
    );
    // Told by what attaches it: no system that mounts it is deployed before.
    const device = pulumi
      .all([args.instanceType, attachment.volumeId])
      .apply(([type, id]) => deviceOf(type, id, letter as string));
    return volumeModule(device, volumeArgs);
  });
}

/** The name under which Linux finds a volume. */
export function deviceOf(instanceType: string, volumeId: string, letter: string): string {
  if (XEN.test(instanceType)) return `/dev/xvd${letter}`;
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`;
}
