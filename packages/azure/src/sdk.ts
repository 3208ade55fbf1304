import { createRequire } from "node:module";

/**
 * What is used of the SDK, which has hundreds of parts. Its types are imported one by one, because all of them take the
 * compiler minutes.
 */
export interface Sdk {
  readonly Disk: typeof import("@pulumi/azure-native/compute/disk.js").Disk;
  readonly NetworkInterface: typeof import("@pulumi/azure-native/network/networkInterface.js").NetworkInterface;
  readonly NetworkSecurityGroup: typeof import("@pulumi/azure-native/network/networkSecurityGroup.js").NetworkSecurityGroup;
  readonly PublicIPAddress: typeof import("@pulumi/azure-native/network/publicIPAddress.js").PublicIPAddress;
  readonly RecordSet: typeof import("@pulumi/azure-native/dns/recordSet.js").RecordSet;
  readonly ResourceGroup: typeof import("@pulumi/azure-native/resources/resourceGroup.js").ResourceGroup;
  readonly VirtualMachine: typeof import("@pulumi/azure-native/compute/virtualMachine.js").VirtualMachine;
  readonly VirtualNetwork: typeof import("@pulumi/azure-native/network/virtualNetwork.js").VirtualNetwork;
}

/** Where the SDK has each of them. */
const PARTS = {
  Disk: "compute",
  NetworkInterface: "network",
  NetworkSecurityGroup: "network",
  PublicIPAddress: "network",
  RecordSet: "dns",
  ResourceGroup: "resources",
  VirtualMachine: "compute",
  VirtualNetwork: "network",
} as const;

/** Loads a resource of the SDK, and no more than its part: only a program that makes a machine on Azure does. */
export function sdk<Kind extends keyof Sdk>(kind: Kind): Sdk[Kind] {
  return createRequire(import.meta.url)(`@pulumi/azure-native/${PARTS[kind]}`)[kind];
}
