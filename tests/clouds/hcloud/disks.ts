import { join } from "node:path";
import type { Cloud } from "../plugin/cloud.js";

/** Where Linux finds a volume (docs.hetzner.com/cloud/volumes). */
export function deviceOf(volumeId: string): string {
  return `/dev/disk/by-id/scsi-0HC_Volume_${volumeId}`;
}

/** File on this computer that holds a volume's data. */
export function diskOf(cloud: Cloud, volumeId: string): string {
  return join(cloud.directory, `volume-${volumeId}`);
}
