import type { Kind } from "../plugin/kind.js";
import type { Properties, Schema } from "../plugin/schema.js";
import { eip, eipAssociation, eipDomainName, record, zone } from "./addresses.js";
import * as beside from "./beside.js";
import { regionOf } from "./catalog.js";
import { instance } from "./instance.js";
import * as network from "./network.js";
import { tagRefusals } from "./rules.js";
import { volume, volumeAttachment } from "./storage.js";

const placementGroup: Kind = {
  unique: "name",
  create: (_cloud, inputs) => ({ id: String(inputs.name), outputs: {} }),
  replaces: network.differing(["name", "strategy", "partitionCount"]),
};

/** Each by Pulumi's token. */
const KINDS: Readonly<Record<string, Kind>> = {
  "aws:ebs/volume:Volume": volume,
  "aws:ec2/eip:Eip": eip,
  "aws:ec2/eipAssociation:EipAssociation": eipAssociation,
  "aws:ec2/eipDomainName:EipDomainName": eipDomainName,
  "aws:ec2/instance:Instance": instance,
  "aws:ec2/internetGateway:InternetGateway": network.internetGateway,
  "aws:ec2/keyPair:KeyPair": network.keyPair,
  "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment":
    network.securityGroupAttachment,
  "aws:ec2/placementGroup:PlacementGroup": placementGroup,
  "aws:ec2/routeTable:RouteTable": network.routeTable,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": network.routeTableAssociation,
  "aws:ec2/securityGroup:SecurityGroup": network.securityGroup,
  "aws:ec2/subnet:Subnet": network.subnet,
  "aws:ec2/volumeAttachment:VolumeAttachment": volumeAttachment,
  "aws:ec2/vpc:Vpc": network.vpc,
  "aws:iam/accessKey:AccessKey": beside.accessKey,
  "aws:iam/user:User": beside.user,
  "aws:iam/userPolicy:UserPolicy": beside.userPolicy,
  "aws:lb/listener:Listener": beside.listener,
  "aws:lb/loadBalancer:LoadBalancer": beside.loadBalancer,
  "aws:lb/targetGroup:TargetGroup": beside.targetGroup,
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": beside.targetGroupAttachment,
  "aws:route53/record:Record": record,
  "aws:route53/zone:Zone": zone,
  "aws:s3/bucket:Bucket": beside.bucket,
};

/** Every resource that a test can make; others are refused by name. */
export const TOKENS = Object.keys(KINDS);

/** What they do, by the last part of their token. */
export function kindsOf(schema: Schema): Readonly<Record<string, Kind>> {
  return Object.fromEntries(
    Object.entries(KINDS).map(([token, kind]) => [
      token.slice(token.lastIndexOf(":") + 1),
      withCommon(kind, schema.resources[token]?.required ?? []),
    ]),
  );
}

/** What is the same for all kinds: tags, the region, and outputs that no test asks for, which are empty. */
function withCommon(kind: Kind, outputs: readonly string[]): Kind {
  const empty = Object.fromEntries(outputs.map((name) => [name, ""]));
  const common = (inputs: Properties) => ({
    ...("tagsAll" in empty ? { tagsAll: inputs.tags ?? {} } : {}),
    ...("region" in empty ? { region: regionOf(inputs) } : {}),
  });
  return {
    ...kind,
    check: (inputs) => [...tagRefusals(inputs), ...(kind.check?.(inputs) ?? [])],
    replaces: (olds, news) => [
      ...(olds.region === news.region ? [] : ["region"]),
      ...(kind.replaces?.(olds, news) ?? []),
    ],
    async create(cloud, inputs, number) {
      const made = (await kind.create?.(cloud, inputs, number)) ?? {};
      return { ...made, outputs: { ...empty, ...inputs, ...common(inputs), ...made.outputs } };
    },
    async update(cloud, old, news) {
      const changed = (await kind.update?.(cloud, old, news)) ?? {};
      return { ...changed, outputs: { ...common(news), ...changed.outputs } };
    },
  };
}
