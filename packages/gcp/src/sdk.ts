import { createRequire } from "node:module";

/**
 * What is used of the SDK's `compute`. Its types are imported one by one, because all of them take the compiler many
 * seconds.
 */
export interface Compute {
  readonly Address: typeof import("@pulumi/gcp/compute/address.js").Address;
  readonly AttachedDisk: typeof import("@pulumi/gcp/compute/attachedDisk.js").AttachedDisk;
  readonly Disk: typeof import("@pulumi/gcp/compute/disk.js").Disk;
  readonly Firewall: typeof import("@pulumi/gcp/compute/firewall.js").Firewall;
  readonly Instance: typeof import("@pulumi/gcp/compute/instance.js").Instance;
  readonly Network: typeof import("@pulumi/gcp/compute/network.js").Network;
  readonly Subnetwork: typeof import("@pulumi/gcp/compute/subnetwork.js").Subnetwork;
}

/** What is used of the SDK's `dns`. */
export interface Dns {
  readonly RecordSet: typeof import("@pulumi/gcp/dns/recordSet.js").RecordSet;
}

/** Loads the SDK: only a program that makes a machine on Google Cloud does, and of the SDK only these two parts. */
export function sdk(): Compute {
  return createRequire(import.meta.url)("@pulumi/gcp/compute");
}

export function dnsSdk(): Dns {
  return createRequire(import.meta.url)("@pulumi/gcp/dns");
}
