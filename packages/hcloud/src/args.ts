import type { StopPolicy, Transform, VolumeArgs } from "@firn/nixos/cloud";
import type * as sdk from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

/** What a machine on Hetzner Cloud is like: every argument of `hcloud.Server`, and what goes with a server. */
export interface HcloudArgs extends Omit<sdk.ServerArgs, "datacenter" | "location" | "name" | "userData"> {
  /** For example `cx23`. Another one is a resize: the server is switched off for it and keeps its disk and addresses. */
  readonly serverType: pulumi.Input<string>;
  /** For example `fsn1`. Another one is another server. */
  readonly location: string;
  /**
   * What the server starts from: the cloud's Debian, which becomes NixOS in place, or the id of a snapshot that is NixOS
   * already. Default `debian-13`. A new default replaces no server.
   */
  readonly image?: pulumi.Input<string>;
  /** Id of a network with a subnet in the location's zone. Default: one that Firn makes; `false`: none. */
  readonly network?: pulumi.Input<number> | false;
  /** Id of a firewall. Default: one that opens what the machine's `networking.firewall` opens; `false`: none. */
  readonly firewall?: pulumi.Input<number> | false;
  /** Volumes by name; they stay when the server is replaced. */
  readonly volumes?: Readonly<Record<string, VolumeArgs>>;
  /** A floating IPv4 address of yours, which is led to the server and set up on it. */
  readonly floatingIp?: sdk.FloatingIp;
  /** Whether a change of `serverType` may switch the server off; `never` refuses it in the preview. Default `when-needed`. */
  readonly stop?: StopPolicy;
  /** Name that the server's own addresses lead back to. */
  readonly rdns?: pulumi.Input<string>;
  /** Changes to the raw resources. */
  readonly transform?: HcloudTransforms;
}

/** Changes to the raw resources; those of what a network shares count for the machine that is declared first. */
export interface HcloudTransforms {
  readonly server?: Transform<sdk.ServerArgs>;
  readonly sshKey?: Transform<sdk.SshKeyArgs>;
  readonly network?: Transform<sdk.NetworkArgs>;
  readonly subnet?: Transform<sdk.NetworkSubnetArgs>;
  readonly firewall?: Transform<sdk.FirewallArgs>;
  readonly firewallAttachment?: Transform<sdk.FirewallAttachmentArgs>;
  readonly volume?: Transform<sdk.VolumeArgs>;
  readonly volumeAttachment?: Transform<sdk.VolumeAttachmentArgs>;
  readonly floatingIpAssignment?: Transform<sdk.FloatingIpAssignmentArgs>;
  readonly rdns?: Transform<sdk.RdnsArgs>;
}
