import { join } from "node:path";
import type { Cloud } from "../plugin/cloud.js";

/** Where Linux finds a volume (docs.digitalocean.com, "Mount Volumes"). */
export function deviceOf(volumeName: unknown): string {
  return `/dev/disk/by-id/scsi-0DO_Volume_${volumeName}`;
}

/** File on this computer that holds a volume's data. */
export function diskOf(cloud: Cloud, volumeId: string): string {
  return join(cloud.directory, `volume-${volumeId}`);
}
