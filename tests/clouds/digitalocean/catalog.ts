/** What can be had of DigitalOcean, as far as tests need it (docs.digitalocean.com, "Droplet sizes" and "Regions"). */

export interface Size {
  /** GB */
  readonly disk: number;
  /** MB */
  readonly memory: number;
  readonly vcpus: number;
}

export const SIZES: Readonly<Record<string, Size>> = {
  "c-2": { disk: 25, memory: 4096, vcpus: 2 },
  "s-1vcpu-1gb": { disk: 25, memory: 1024, vcpus: 1 },
  "s-1vcpu-2gb": { disk: 50, memory: 2048, vcpus: 1 },
  "s-2vcpu-4gb": { disk: 80, memory: 4096, vcpus: 2 },
};

/** Regions, and the addresses that the stand-in gives their VPCs. */
export const REGIONS: Readonly<Record<string, number>> = { ams3: 110, fra1: 114, lon1: 106, nyc3: 108 };

/** Slugs of images; custom images and snapshots are named by their number. */
export const IMAGES = ["debian-12-x64", "debian-13-x64", "ubuntu-24-04-x64"];
