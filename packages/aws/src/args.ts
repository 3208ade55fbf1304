import type { StopPolicy, Transform, VolumeArgs } from "@firn/nixos/cloud";
import type * as ebs from "@pulumi/aws/ebs/index.js";
import type * as sdk from "@pulumi/aws/ec2/index.js";
import type { RecordArgs } from "@pulumi/aws/route53/index.js";
import type * as pulumi from "@pulumi/pulumi";

/** What a machine on EC2 is like: every argument of `aws.ec2.Instance`, and what goes with an instance. */
export interface Ec2Args
  extends Omit<
    sdk.InstanceArgs,
    | "availabilityZone"
    | "keyName"
    | "region"
    | "securityGroups"
    | "subnetId"
    | "userData"
    | "userDataBase64"
    | "userDataReplaceOnChange"
    | "vpcSecurityGroupIds"
  > {
  /**
   * For example `m7i.large`. Another one of the same architecture is a resize: the instance is stopped and started for
   * it, keeps its disks and private address, and gets another public address unless it has an `elasticIp`.
   */
  readonly instanceType: pulumi.Input<string>;
  /** For example `eu-central-1`. Another one is another instance. Default: the provider's (`aws:region`). */
  readonly region?: string;
  /** For example `eu-central-1a`. Another one is another instance. Default: EC2 chooses one for the network's machines. */
  readonly availabilityZone?: string;
  /**
   * Id of an image (AMI) that is NixOS. Default: the newest one that the NixOS project publishes of the machine's
   * release. A newer one replaces no instance.
   */
  readonly ami?: pulumi.Input<string>;
  /** Id of a subnet. Default: one in a VPC that Firn makes; `false`: that of the region's default VPC. */
  readonly subnet?: pulumi.Input<string> | false;
  /** Id of a security group. Default: one that opens what the machine's `networking.firewall` opens; `false`: none. */
  readonly firewall?: pulumi.Input<string> | false;
  /** Ids of further security groups. Without any, the instance is in its VPC's default one. */
  readonly vpcSecurityGroupIds?: readonly pulumi.Input<string>[];
  /** Whether it has an IPv6 address. Default true in a VPC that Firn makes, false in one of yours. */
  readonly ipv6?: boolean;
  /** Spare capacity at a lower price, which EC2 may take away at any time. It cannot be stopped, so a resize replaces it. */
  readonly spot?: boolean;
  /** Whether a change of `instanceType` may stop the instance; `never` refuses it in the preview. Default `when-needed`. */
  readonly stop?: StopPolicy;
  /** EBS volumes by name; they stay when the instance is replaced. */
  readonly volumes?: Readonly<Record<string, VolumeArgs>>;
  /** An Elastic IP address of yours, which becomes the machine's `address`. */
  readonly elasticIp?: sdk.Eip;
  /** Name that the Elastic IP address leads back to; it must lead there, by `dns` for example. */
  readonly rdns?: pulumi.Input<string>;
  /** A name in a Route 53 zone that leads to the machine. */
  readonly dns?: DnsArgs;
  /** Changes to the raw resources. */
  readonly transform?: Ec2Transforms;
}

/** A name in a Route 53 zone. */
export interface DnsArgs {
  readonly zoneId: pulumi.Input<string>;
  /** In full or relative to the zone. */
  readonly name: pulumi.Input<string>;
  /** How long others may remember it, in seconds. Default 300. */
  readonly ttl?: pulumi.Input<number>;
}

/** Changes to the raw resources; those of what a network shares count for the machine that is declared first. */
export interface Ec2Transforms {
  readonly instance?: Transform<sdk.InstanceArgs>;
  readonly keyPair?: Transform<sdk.KeyPairArgs>;
  readonly vpc?: Transform<sdk.VpcArgs>;
  readonly internetGateway?: Transform<sdk.InternetGatewayArgs>;
  readonly routeTable?: Transform<sdk.RouteTableArgs>;
  readonly subnet?: Transform<sdk.SubnetArgs>;
  readonly routeTableAssociation?: Transform<sdk.RouteTableAssociationArgs>;
  readonly securityGroup?: Transform<sdk.SecurityGroupArgs>;
  readonly securityGroupAttachment?: Transform<sdk.NetworkInterfaceSecurityGroupAttachmentArgs>;
  readonly volume?: Transform<ebs.VolumeArgs>;
  readonly volumeAttachment?: Transform<sdk.VolumeAttachmentArgs>;
  readonly eipAssociation?: Transform<sdk.EipAssociationArgs>;
  readonly eipDomainName?: Transform<sdk.EipDomainNameArgs>;
  readonly record?: Transform<RecordArgs>;
}
