import type { StopPolicy, Transform, VolumeArgs } from "@firn/nixos/cloud";
import type * as sdk from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";

/** What a machine on DigitalOcean is like: every argument of `digitalocean.Droplet`, and what goes with a droplet. */
export interface DigitaloceanArgs
  extends Omit<
    sdk.DropletArgs,
    "image" | "name" | "privateNetworking" | "region" | "userData" | "volumeIds" | "vpcUuid"
  > {
  /** For example `s-1vcpu-1gb`. Another one is a resize: the droplet is switched off for it and keeps its addresses. */
  readonly size: sdk.DropletArgs["size"];
  /** For example `fra1`. Another one is another droplet. */
  readonly region: string;
  /**
   * What the droplet starts from: the cloud's Debian, which becomes NixOS in place, or the id of a custom image or
   * snapshot that is NixOS already. Default `debian-13-x64`. A new default replaces no droplet.
   */
  readonly image?: pulumi.Input<string>;
  /** Id of a VPC of the region. Default: one that Firn makes; `false`: the region's default VPC. */
  readonly vpc?: pulumi.Input<string> | false;
  /**
   * By default a firewall that opens what the machine's `networking.firewall` opens, and everything to machines of the
   * same Firn network. `false`: none; a firewall of yours finds droplets by their tags.
   */
  readonly firewall?: false;
  /** Volumes by name; they stay when the droplet is replaced. */
  readonly volumes?: Readonly<Record<string, VolumeArgs>>;
  /** A reserved IPv4 address of yours, which is led to the droplet. */
  readonly reservedIp?: sdk.ReservedIp;
  /** Whether a change of `size` may switch the droplet off; `never` refuses it in the preview. Default `when-needed`. */
  readonly stop?: StopPolicy;
  /** Name that the droplet's addresses lead back to: DigitalOcean takes it from the droplet's name. */
  readonly rdns?: pulumi.Input<string>;
  /** Changes to the raw resources. */
  readonly transform?: DigitaloceanTransforms;
}

/** Changes to the raw resources; those of what a network shares count for the machine that is declared first. */
export interface DigitaloceanTransforms {
  readonly droplet?: Transform<sdk.DropletArgs>;
  readonly sshKey?: Transform<sdk.SshKeyArgs>;
  readonly vpc?: Transform<sdk.VpcArgs>;
  readonly firewall?: Transform<sdk.FirewallArgs>;
  readonly volume?: Transform<sdk.VolumeArgs>;
  readonly volumeAttachment?: Transform<sdk.VolumeAttachmentArgs>;
  readonly reservedIpAssignment?: Transform<sdk.ReservedIpAssignmentArgs>;
}
