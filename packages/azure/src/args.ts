import type { StopPolicy, Transform, VolumeArgs } from "@firn/nixos/cloud";
import type { DiskArgs } from "@pulumi/azure-native/compute/disk.js";
import type { VirtualMachineArgs } from "@pulumi/azure-native/compute/virtualMachine.js";
import type { RecordSetArgs } from "@pulumi/azure-native/dns/recordSet.js";
import type { NetworkInterfaceArgs } from "@pulumi/azure-native/network/networkInterface.js";
import type { NetworkSecurityGroupArgs } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import type { PublicIPAddress, PublicIPAddressArgs } from "@pulumi/azure-native/network/publicIPAddress.js";
import type { VirtualNetworkArgs } from "@pulumi/azure-native/network/virtualNetwork.js";
import type { ResourceGroupArgs } from "@pulumi/azure-native/resources/resourceGroup.js";
import type * as pulumi from "@pulumi/pulumi";

/**
 * What a machine on Azure is like: every argument of `azure-native.compute.VirtualMachine`, and what goes with a virtual
 * machine.
 */
export interface AzureArgs
  extends Omit<
    VirtualMachineArgs,
    | "hardwareProfile"
    | "location"
    | "networkProfile"
    | "osProfile"
    | "resourceGroupName"
    | "storageProfile"
    | "userData"
    | "vmName"
  > {
  /** For example `Standard_B2s`. Another one is a resize: the virtual machine restarts and keeps its disk and addresses. */
  readonly vmSize: pulumi.Input<string>;
  /** For example `westeurope`. Another one is another virtual machine. */
  readonly location: string;
  /**
   * What the virtual machine starts from: Ubuntu, which becomes NixOS in place, as `publisher:offer:sku:version`, or the id
   * of an image that was made of a machine that did. Another one is another virtual machine. Default: Ubuntu 24.04 for
   * the machine's architecture. A new default replaces no machine.
   */
  readonly image?: pulumi.Input<string>;
  /** GB of the boot disk; default 30, the size of Ubuntu's image. */
  readonly diskSize?: pulumi.Input<number>;
  /** Name of a resource group. Default: one that Firn makes. */
  readonly resourceGroup?: pulumi.Input<string>;
  /** Id of a subnet of the location. Default: that of a virtual network that Firn makes. */
  readonly subnet?: pulumi.Input<string>;
  /**
   * Id of a network security group. Default: one that opens what the machine's `networking.firewall` opens; `false`: none,
   * and whatever the subnet's lets in.
   */
  readonly firewall?: pulumi.Input<string> | false;
  /**
   * A public IPv4 address of the location. Default: a static one that Firn makes; `false`: none, and the machine is
   * reached at its private one.
   */
  readonly publicIp?: PublicIPAddress | false;
  /**
   * Whether the machine has a public IPv6 address too, which has a price of its own; a given subnet must have IPv6.
   * Default false.
   */
  readonly ipv6?: boolean;
  /** Whether a change of `vmSize` may restart the machine; `never` refuses it in the preview. Default `when-needed`. */
  readonly stop?: StopPolicy;
  /** Takes spare capacity at a lower price; Azure may stop the machine at any time. Default false. */
  readonly spot?: boolean;
  /** Volumes by name; they stay when the virtual machine is replaced. */
  readonly volumes?: Readonly<Record<string, VolumeArgs>>;
  /** Name that the public address leads back to, which has to lead to it already. */
  readonly rdns?: pulumi.Input<string>;
  /** Name in a zone of Azure DNS that leads to the machine's address. */
  readonly dns?: AzureDns;
  /** Changes to the raw resources. */
  readonly transform?: AzureTransforms;
}

/** A name in Azure DNS. */
export interface AzureDns {
  /** Name of the zone, for example `example.org`. */
  readonly zoneName: pulumi.Input<string>;
  /** Resource group of the zone. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** For example `web.example.org`. */
  readonly name: pulumi.Input<string>;
  /** In seconds; default 300. */
  readonly ttl?: pulumi.Input<number>;
}

/** Changes to the raw resources; those of what a network shares count for the machine that is declared first. */
export interface AzureTransforms {
  readonly virtualMachine?: Transform<VirtualMachineArgs>;
  readonly resourceGroup?: Transform<ResourceGroupArgs>;
  readonly virtualNetwork?: Transform<VirtualNetworkArgs>;
  readonly networkInterface?: Transform<NetworkInterfaceArgs>;
  readonly networkSecurityGroup?: Transform<NetworkSecurityGroupArgs>;
  readonly publicIp?: Transform<PublicIPAddressArgs>;
  readonly disk?: Transform<DiskArgs>;
  readonly recordSet?: Transform<RecordSetArgs>;
}
