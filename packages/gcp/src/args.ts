import type { StopPolicy, Transform, VolumeArgs } from "@firn/nixos/cloud";
import type { Address, AddressArgs } from "@pulumi/gcp/compute/address.js";
import type { AttachedDiskArgs } from "@pulumi/gcp/compute/attachedDisk.js";
import type { DiskArgs } from "@pulumi/gcp/compute/disk.js";
import type { FirewallArgs } from "@pulumi/gcp/compute/firewall.js";
import type { InstanceArgs } from "@pulumi/gcp/compute/instance.js";
import type { NetworkArgs } from "@pulumi/gcp/compute/network.js";
import type { SubnetworkArgs } from "@pulumi/gcp/compute/subnetwork.js";
import type { RecordSetArgs } from "@pulumi/gcp/dns/recordSet.js";
import type * as pulumi from "@pulumi/pulumi";

/** What a machine on Google Cloud is like: every argument of `gcp.compute.Instance`, and what goes with an instance. */
export interface GcpArgs
  extends Omit<
    InstanceArgs,
    | "allowStoppingForUpdate"
    | "attachedDisks"
    | "bootDisk"
    | "machineType"
    | "name"
    | "networkInterfaces"
    | "zone"
  > {
  /** For example `e2-small`. Another one is a resize: the instance is stopped for it and keeps its disk and addresses. */
  readonly machineType: pulumi.Input<string>;
  /** For example `europe-west3-a`. Another one is another instance. */
  readonly zone: string;
  /**
   * What the instance starts from: Ubuntu, which becomes NixOS in place, or an image that was made of a machine that did.
   * Default: the family of Ubuntu 24.04 for the machine's architecture. A new default replaces no instance.
   */
  readonly image?: pulumi.Input<string>;
  /**
   * In place of `image`: one that is NixOS already, built of `@firn/gcp/nix/image.nix` and uploaded. Its name, family or
   * self link.
   */
  readonly nixosImage?: pulumi.Input<string>;
  /** GB of the boot disk; default 20. Another size is another instance. */
  readonly diskSize?: pulumi.Input<number>;
  /** The rest of the boot disk, such as `initializeParams.type` and an encryption key. */
  readonly bootDisk?: InstanceArgs["bootDisk"];
  /**
   * Name or self link of a VPC network. Default: one that Firn makes, for all regions; `false`: the project's `default`.
   * One that has no subnetwork in every region of itself needs {@link subnetwork} too.
   */
  readonly network?: pulumi.Input<string> | false;
  /** Name or self link of the subnetwork of the given network. */
  readonly subnetwork?: pulumi.Input<string>;
  /** Network interfaces beside the first one. */
  readonly networkInterfaces?: InstanceArgs["networkInterfaces"];
  /** Largest packet of the network, in bytes; default 1460, as that of every VPC network that was told no other. */
  readonly mtu?: number;
  /**
   * By default rules that open what the machine's `networking.firewall` opens. `false`: none; a rule of yours finds
   * instances by their network tags.
   */
  readonly firewall?: false;
  /**
   * A static external IPv4 address of the region. Default: one that Firn makes, because another address than a static
   * one does not outlive a resize; `false`: none, and the machine is reached at its internal one.
   */
  readonly address?: Address | false;
  /** Whether the instance has an external IPv6 address. Default: where Firn makes the network. */
  readonly ipv6?: boolean;
  /** Whether a change of `machineType` may stop the instance; `never` refuses it in the preview. Default `when-needed`. */
  readonly stop?: StopPolicy;
  /** Takes spare capacity at a lower price; Google may stop the instance at any time. Default false. */
  readonly spot?: boolean;
  /** Volumes by name; they stay when the instance is replaced. */
  readonly volumes?: Readonly<Record<string, VolumeArgs>>;
  /** Name that the external IPv4 address leads back to; Google wants a proof that the domain is yours. */
  readonly rdns?: pulumi.Input<string>;
  /** Name in a zone of Cloud DNS that leads to the machine's addresses. */
  readonly dns?: GcpDns;
  /** Changes to the raw resources. */
  readonly transform?: GcpTransforms;
}

/** A name in Cloud DNS. */
export interface GcpDns {
  /** Name of the managed zone. */
  readonly managedZone: pulumi.Input<string>;
  /** For example `web.example.org`. */
  readonly name: pulumi.Input<string>;
  /** In seconds; default 300. */
  readonly ttl?: pulumi.Input<number>;
}

/** Changes to the raw resources; those of what a network shares count for the machine that is declared first. */
export interface GcpTransforms {
  readonly instance?: Transform<InstanceArgs>;
  readonly network?: Transform<NetworkArgs>;
  readonly subnetwork?: Transform<SubnetworkArgs>;
  readonly firewall?: Transform<FirewallArgs>;
  readonly address?: Transform<AddressArgs>;
  readonly disk?: Transform<DiskArgs>;
  readonly attachedDisk?: Transform<AttachedDiskArgs>;
  readonly recordSet?: Transform<RecordSetArgs>;
}
