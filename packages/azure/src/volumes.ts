import type { MachineSpec } from "@firn/nixos";
import { resourceName, transformed, type VolumeArgs } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";
import type { AzureArgs } from "./args.js";
import { sdk } from "./sdk.js";
import { resourceGroupOf } from "./shared.js";
import { tagsOf } from "./tags.js";

/** A managed disk for a machine. */
export interface Volume {
  readonly id: pulumi.Output<string>;
  /** Number under which it is attached. */
  readonly lun: number;
  readonly args: VolumeArgs;
}

/** Makes a machine's volumes, which are managed disks. The virtual machine is told to have them. */
export function volumesOf(
  machine: MachineSpec,
  args: AzureArgs,
  opts: pulumi.CustomResourceOptions,
): Volume[] {
  const { location, transform = {}, zones } = args;
  const taken = new Set<number>();
  return Object.entries(args.volumes ?? {}).map(([volumeName, volumeArgs]) => {
    const lun = lunOf(volumeName, taken);
    const disk = new (sdk("Disk"))(
      ...transformed(
        transform.disk,
        `${machine.network}-${machine.name}-${volumeName}`,
        {
          resourceGroupName: resourceGroupOf(machine, args),
          diskName: resourceName([machine.network, machine.stack, machine.name, volumeName, location]),
          location,
          ...(zones === undefined ? {} : { zones }),
          creationData: { createOption: "Empty" },
          diskSizeGB: volumeArgs.size,
          sku: { name: "StandardSSD_LRS" },
          tags: tagsOf(machine, "machine"),
        },
        opts,
      ),
    );
    return { id: disk.id, lun, args: volumeArgs };
  });
}

/** The most that any size can have (learn.microsoft.com/azure/virtual-machines/sizes). */
const LUNS = 64;

/**
 * A number that follows from the volume's name, so that another volume of the machine changes none: a disk is attached
 * anew, and lost to what uses it meanwhile, when its number changes. Where two names meet, the later one gives way.
 */
function lunOf(name: string, taken: Set<number>): number {
  let lun = [...name].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % LUNS, 0);
  while (taken.has(lun)) lun = (lun + 1) % LUNS;
  taken.add(lun);
  return lun;
}
