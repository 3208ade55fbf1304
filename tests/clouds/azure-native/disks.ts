import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Cloud } from "../plugin/cloud.js";

/** Where Linux finds a data disk with Azure's udev rules. */
export function deviceOf(lun: unknown): string {
  return `/dev/disk/azure/data/by-lun/${lun}`;
}

/** File on this computer that holds a disk's data. */
export function diskOf(cloud: Cloud, diskId: unknown): string {
  return join(
    cloud.directory,
    `disk-${createHash("sha256").update(String(diskId)).digest("hex").slice(0, 12)}`,
  );
}
