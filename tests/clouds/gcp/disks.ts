import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Cloud } from "../plugin/cloud.js";

/** Where Linux finds a disk with Google's udev rules (cloud.google.com/compute/docs/disks/disk-symlinks). */
export function deviceOf(deviceName: unknown): string {
  return `/dev/disk/by-id/google-${deviceName}`;
}

/** File on this computer that holds a disk's data. */
export function diskOf(cloud: Cloud, diskId: string): string {
  return join(cloud.directory, `disk-${createHash("sha256").update(diskId).digest("hex").slice(0, 12)}`);
}
