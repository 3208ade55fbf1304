import { join } from "node:path";
import type { Cloud } from "../plugin/cloud.js";

/** Where Linux finds a volume of an instance that is built on Nitro (docs.aws.amazon.com, "Map Amazon EBS volumes to NVMe device names"). */
export function deviceOf(volumeId: string): string {
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`;
}

/** File on this computer that holds a volume's data. */
export function diskOf(cloud: Cloud, volumeId: string): string {
  return join(cloud.directory, `volume-${volumeId}`);
}
