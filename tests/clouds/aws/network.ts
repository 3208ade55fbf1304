import type { Cloud, Stored } from "../plugin/cloud.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties } from "../plugin/schema.js";
import { regionOf, ZONES } from "./catalog.js";
import { refuse } from "./refuse.js";
import { groupRefusals, isIpv4Network, rangeOf } from "./rules.js";

/** Id as EC2 makes them: `vpc-00000000000001001`. */
export function idOf(prefix: string, number: string): string {
  return `${prefix}-${number.padStart(17, "0")}`;
}

/** @throws what EC2 says of an id that it does not know */
export function known(cloud: Cloud, kind: string, id: unknown, operation: string, code: string): Stored {
  const found = cloud.get(kind, id);
  if (!found) throw refuse(operation, code, `The ${kind} ID '${id}' does not exist`);
  return found;
}

/** @throws what EC2 says of a resource that others depend on */
function refuseUsed(operation: string, kind: string, id: string, users: readonly Stored[]): void {
  if (users.length > 0)
    throw refuse(
      operation,
      "DependencyViolation",
      `The ${kind} '${id}' has dependencies and cannot be deleted.`,
    );
}

const using = (cloud: Cloud, kind: string, input: string, id: string) =>
  cloud.list(kind).filter(({ outputs }) => outputs[input] === id);

/** Names of inputs that differ. */
export function differing(names: readonly string[]): Kind["replaces"] {
  return (olds, news) => names.filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
}

export const vpc: Kind = {
  check(inputs) {
    const length = Number(String(inputs.cidrBlock ?? "/16").split("/")[1]);
    return inputs.cidrBlock === undefined ||
      (isIpv4Network(String(inputs.cidrBlock)) && length >= 16 && length <= 28)
      ? []
      : [{ property: "cidrBlock", reason: "must be a network with a prefix between /16 and /28" }];
  },
  create(_cloud, inputs, number) {
    const id = idOf("vpc", number);
    const ipv6 = inputs.assignGeneratedIpv6CidrBlock === true;
    return {
      id,
      outputs: {
        arn: `arn:aws:ec2:${regionOf(inputs)}:123456789012:vpc/${id}`,
        defaultSecurityGroupId: idOf("sg", `d${number}`),
        ipv6CidrBlock: ipv6 ? `2a05:d014:${Number(number).toString(16)}:ab00::/56` : "",
      },
    };
  },
  replaces: differing(["cidrBlock"]),
  delete(cloud, { id }) {
    const users = ["Subnet", "InternetGateway", "SecurityGroup", "RouteTable"].flatMap((kind) =>
      using(cloud, kind, "vpcId", id),
    );
    refuseUsed("DeleteVpc", "vpc", id, users);
  },
};

export const internetGateway: Kind = {
  create(cloud, inputs, number) {
    const { vpcId } = inputs;
    if (vpcId !== undefined) known(cloud, "Vpc", vpcId, "AttachInternetGateway", "InvalidVpcID.NotFound");
    if (using(cloud, "InternetGateway", "vpcId", String(vpcId)).length > 0)
      throw refuse(
        "AttachInternetGateway",
        "InvalidParameterValue",
        `Network ${vpcId} already has an internet gateway attached`,
      );
    return { id: idOf("igw", number), outputs: {} };
  },
  delete(cloud, { id, outputs }) {
    const mapped = cloud
      .list("Instance")
      .filter(
        (each) => each.outputs.publicIp !== "" && vpcOf(cloud, each.outputs.subnetId) === outputs.vpcId,
      );
    // The provider asks again for 20 minutes, which nobody would wait for.
    if (mapped.length > 0)
      throw refuse(
        "DetachInternetGateway",
        "DependencyViolation",
        `Network ${outputs.vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching ${id}.`,
      );
  },
};

export const routeTable: Kind = {
  check: (inputs) =>
    ((inputs.routes ?? []) as Properties[]).flatMap((route, index) => {
      const destinations = ["cidrBlock", "ipv6CidrBlock", "destinationPrefixListId"].filter(
        (name) => route[name],
      );
      return destinations.length === 1
        ? []
        : [{ property: `routes[${index}]`, reason: "exactly one destination must be given" }];
    }),
  create(cloud, inputs, number) {
    known(cloud, "Vpc", inputs.vpcId, "CreateRouteTable", "InvalidVpcID.NotFound");
    for (const { gatewayId } of (inputs.routes ?? []) as Properties[])
      if (gatewayId !== undefined)
        known(cloud, "InternetGateway", gatewayId, "CreateRoute", "InvalidGatewayID.NotFound");
    return { id: idOf("rtb", number), outputs: {} };
  },
  replaces: differing(["vpcId"]),
  delete: (cloud, { id }) =>
    refuseUsed(
      "DeleteRouteTable",
      "routeTable",
      id,
      using(cloud, "RouteTableAssociation", "routeTableId", id),
    ),
};

export const routeTableAssociation: Kind = {
  create(cloud, inputs, number) {
    known(cloud, "RouteTable", inputs.routeTableId, "AssociateRouteTable", "InvalidRouteTableID.NotFound");
    known(cloud, "Subnet", inputs.subnetId, "AssociateRouteTable", "InvalidSubnetID.NotFound");
    return { id: idOf("rtbassoc", number), outputs: {} };
  },
  replaces: differing(["subnetId", "gatewayId"]),
};

export const subnet: Kind = {
  create(cloud, inputs, number) {
    const operation = "CreateSubnet";
    const region = regionOf(inputs);
    const inside = known(cloud, "Vpc", inputs.vpcId, operation, "InvalidVpcID.NotFound");
    const block = String(inputs.cidrBlock);
    const [first, last] = rangeOf(block);
    const [start, end] = rangeOf(String(inside.outputs.cidrBlock));
    if (!isIpv4Network(block) || first < start || last > end)
      throw refuse(operation, "InvalidSubnet.Range", `The CIDR '${block}' is invalid.`);
    const overlaps = using(cloud, "Subnet", "vpcId", inside.id).some(({ inputs: other }) => {
      const [from, to] = rangeOf(String(other.cidrBlock));
      return from <= last && first <= to;
    });
    if (overlaps)
      throw refuse(operation, "InvalidSubnet.Conflict", `The CIDR '${block}' conflicts with another subnet`);
    const { ipv6CidrBlock } = inputs;
    const prefix = String(inside.outputs.ipv6CidrBlock).replace(/00::\/56$/, "");
    if (ipv6CidrBlock !== undefined && !new RegExp(`^${prefix}[0-9a-f]{2}::/64$`).test(String(ipv6CidrBlock)))
      throw refuse(operation, "InvalidSubnet.Range", `The CIDR '${ipv6CidrBlock}' is invalid.`);
    const availabilityZone = String(inputs.availabilityZone ?? `${region}b`);
    if (!ZONES[region]?.split("").some((letter) => availabilityZone === `${region}${letter}`))
      throw refuse(
        operation,
        "InvalidParameterValue",
        `Value (${availabilityZone}) for parameter availabilityZone is invalid.`,
      );
    return { id: idOf("subnet", number), outputs: { availabilityZone } };
  },
  replaces: differing(["availabilityZone", "cidrBlock", "ipv6CidrBlock", "vpcId"]),
  delete: (cloud, { id }) =>
    refuseUsed("DeleteSubnet", "subnet", id, using(cloud, "Instance", "subnetId", id)),
};

export const securityGroup: Kind = {
  check: groupRefusals,
  create(cloud, inputs, number) {
    const operation = "CreateSecurityGroup";
    const vpcId = inputs.vpcId ?? `default-${regionOf(inputs)}`;
    if (inputs.vpcId !== undefined) known(cloud, "Vpc", vpcId, operation, "InvalidVpcID.NotFound");
    if (
      cloud
        .list("SecurityGroup")
        .some(({ outputs }) => outputs.name === inputs.name && outputs.vpcId === vpcId)
    )
      throw refuse(
        operation,
        "InvalidGroup.Duplicate",
        `The security group '${inputs.name}' already exists for VPC '${vpcId}'`,
      );
    return { id: idOf("sg", number), outputs: { vpcId } };
  },
  replaces: differing(["description", "name", "namePrefix", "vpcId"]),
  delete(cloud, { id }) {
    const attached = using(cloud, "NetworkInterfaceSecurityGroupAttachment", "securityGroupId", id);
    const told = cloud
      .list("Instance")
      .filter(({ outputs }) => (outputs.vpcSecurityGroupIds as string[]).includes(id));
    refuseUsed("DeleteSecurityGroup", "securityGroup", id, [...attached, ...told]);
  },
};

export const securityGroupAttachment: Kind = {
  create(cloud, { networkInterfaceId, securityGroupId }) {
    const operation = "ModifyNetworkInterfaceAttribute";
    const group = known(cloud, "SecurityGroup", securityGroupId, operation, "InvalidGroup.NotFound");
    const instance = cloud
      .list("Instance")
      .find(({ outputs }) => outputs.primaryNetworkInterfaceId === networkInterfaceId);
    if (!instance)
      throw refuse(
        operation,
        "InvalidNetworkInterfaceID.NotFound",
        `The networkInterface ID '${networkInterfaceId}' does not exist`,
      );
    if (vpcOf(cloud, instance.outputs.subnetId) !== group.outputs.vpcId)
      throw refuse(
        operation,
        "InvalidGroup.NotFound",
        `The security group '${securityGroupId}' does not exist in the VPC of the interface`,
      );
    // docs.aws.amazon.com, "Amazon VPC quotas": 5 groups an interface, the VPC's default one among them
    const others = using(
      cloud,
      "NetworkInterfaceSecurityGroupAttachment",
      "networkInterfaceId",
      String(networkInterfaceId),
    );
    if (others.length >= 4)
      throw refuse(operation, "SecurityGroupsPerInterfaceLimitExceeded", "The maximum number is 5");
    return { id: `${securityGroupId}_${networkInterfaceId}`, outputs: {} };
  },
  replaces: differing(["networkInterfaceId", "securityGroupId"]),
};

export const keyPair: Kind = {
  check: ({ publicKey }) =>
    publicKey === undefined || /^ssh-(ed25519|rsa) \S+/.test(String(publicKey))
      ? []
      : [
          {
            property: "publicKey",
            reason: "InvalidKey.Format: Key is not in valid OpenSSH public key format",
          },
        ],
  create(cloud, inputs, number) {
    const name = String(inputs.keyName ?? `terraform-${number}`);
    const id = cloud.get("KeyPair", name) ? `${name}@${regionOf(inputs)}` : name;
    if (
      cloud
        .list("KeyPair")
        .some(({ outputs }) => outputs.keyName === name && outputs.region === regionOf(inputs))
    )
      throw refuse("ImportKeyPair", "InvalidKeyPair.Duplicate", `The keypair already exists`);
    return { id, outputs: { keyName: name, keyPairId: `key-${id}` } };
  },
  replaces: differing(["keyName", "publicKey"]),
};

/** VPC of a subnet; the default one where there is none. */
export function vpcOf(cloud: Cloud, subnetId: unknown): unknown {
  return cloud.get("Subnet", subnetId)?.outputs.vpcId ?? String(subnetId).replace(/^subnet-/, "");
}
