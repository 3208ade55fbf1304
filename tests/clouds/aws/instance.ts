import { setTimeout as sleep } from "node:timers/promises";
import type { Cloud, Stored } from "../plugin/cloud.js";
import { detachLoop } from "../plugin/disk.js";
import type { Kind } from "../plugin/kind.js";
import type { Properties } from "../plugin/schema.js";
import { makeServer, removeServer, serverRuns, startServer, stopServer } from "../plugin/server.js";
import { IMAGES, type Image, INSTANCE_TYPES, regionOf } from "./catalog.js";
import { diskOf } from "./disks.js";
import { differing, idOf, known, vpcOf } from "./network.js";
import { refuse } from "./refuse.js";
import { addressOf, rangeOf } from "./rules.js";

/** docs.aws.amazon.com, "Run commands when you launch an EC2 instance": user data is limited to 16 KB. */
const USER_DATA_LIMIT = 16 * 1024;

/** Inputs that no two of may be given (terraform-provider-aws, ec2/ec2_instance.go, ConflictsWith). */
const CONFLICTS = [
  ["ipv6AddressCount", "ipv6Addresses"],
  ["userData", "userDataBase64"],
  ["subnetId", "networkInterfaces"],
  ["vpcSecurityGroupIds", "networkInterfaces"],
] as const;

/** Inputs that make another instance of it (…, ForceNew). */
const REPLACING = [
  ...["ami", "associatePublicIpAddress", "availabilityZone", "enclaveOptions", "hibernation", "hostId"],
  ...["instanceMarketOptions", "keyName", "placementGroup", "privateIp", "securityGroups", "subnetId"],
  ...["tenancy", "networkInterfaces"],
];

/** An instance, as terraform-provider-aws makes and changes it. */
export const instance: Kind = {
  check(inputs) {
    const missing = (["ami", "instanceType"] as const).filter(
      (name) => !(name in inputs) && !("launchTemplate" in inputs),
    );
    return [
      ...missing.map((property) => ({ property, reason: "one of it and launchTemplate must be specified" })),
      ...CONFLICTS.filter(([a, b]) => inputs[a] !== undefined && inputs[b] !== undefined).map(([a, b]) => ({
        property: a,
        reason: `conflicts with ${b}`,
      })),
    ];
  },

  replaces: (olds, news) => [
    ...(differing(REPLACING)?.(olds, news) ?? []),
    // An instance type is known of other architectures (CustomizeDiff, ForceNewIf "instance_type").
    ...(INSTANCE_TYPES[String(olds.instanceType)] !== INSTANCE_TYPES[String(news.instanceType)]
      ? ["instanceType"]
      : []),
    ...(news.userDataReplaceOnChange === true ? (differing(["userData"])?.(olds, news) ?? []) : []),
  ],

  async create(cloud, inputs, number) {
    const operation = "RunInstances";
    const region = regionOf(inputs);
    const image = imageOf(inputs, region);
    const architecture = architectureOf(inputs.instanceType, operation);
    if (architecture !== image.architecture)
      throw refuse(
        operation,
        "InvalidParameterValue",
        `The architecture '${architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI.`,
      );
    const userData = String(inputs.userData ?? "");
    if (Buffer.byteLength(userData) > USER_DATA_LIMIT)
      throw refuse(operation, "InvalidParameterValue", "User data is limited to 16384 bytes");
    const disk = (inputs.rootBlockDevice ?? {}) as { volumeSize?: number };
    if (disk.volumeSize !== undefined && disk.volumeSize < image.size)
      throw refuse(
        operation,
        "InvalidBlockDeviceMapping",
        `Volume of size ${disk.volumeSize}GB is smaller than snapshot 'snap-${image.id}', expect size >= ${image.size}GB`,
      );
    const keys = keysOf(cloud, inputs.keyName, region);
    const place = placeOf(cloud, inputs, region);
    const inside = freeAddress(cloud, place.cidrBlock);
    const ipv6 = ipv6Of(inputs, place, number);

    const id = idOf("i", number);
    const hostname = String((inputs.tags as Properties | undefined)?.Name ?? id);
    const { faults } = cloud;
    const { machine, address } = await makeServer({
      distribution: "nixos",
      hostname,
      userData,
      authorizedKeys: keys,
      delaySeconds: faults.bootSeconds ?? 0,
      // docs.aws.amazon.com, "Instance metadata categories"
      metadata: { "latest/user-data": userData, "latest/meta-data/instance-id": id },
      addresses: [`${inside}/${place.cidrBlock.split("/")[1]}`],
    });
    await sleep((faults.addressSeconds ?? 0) * 1000);
    const isPublic = inputs.associatePublicIpAddress ?? place.isPublic;
    return {
      id,
      hidden: { machine },
      outputs: {
        arn: `arn:aws:ec2:${region}:123456789012:instance/${id}`,
        associatePublicIpAddress: isPublic,
        availabilityZone: place.availabilityZone,
        instanceState: "running",
        ipv6Addresses: ipv6,
        primaryNetworkInterfaceId: idOf("eni", number),
        privateIp: inside,
        publicIp: isPublic ? address : "",
        subnetId: place.subnetId,
        vpcSecurityGroupIds: inputs.vpcSecurityGroupIds ?? [`default-${place.subnetId}`],
      },
    };
  },

  read: (_cloud, { hidden }) => ({ instanceState: serverRuns(hidden.machine ?? "") ? "running" : "stopped" }),

  async update(cloud, old, news) {
    const { machine = "" } = old.hidden;
    const size = (inputs: Properties) =>
      Number((inputs.rootBlockDevice as Properties | undefined)?.volumeSize);
    if (size(news) < size(old.inputs))
      throw refuse("ModifyVolume", "InvalidParameterValue", "New size cannot be smaller than existing size");
    const stopping = differing(["instanceType", "userData"])?.(old.inputs, news) ?? [];
    if (stopping.length === 0) return {};
    if ((old.inputs.instanceMarketOptions as Properties | undefined)?.marketType === "spot")
      throw refuse(
        "StopInstances",
        "UnsupportedOperation",
        `You can't stop the Spot Instance '${old.id}' because it is associated with a one-time Spot Instance request.`,
      );
    architectureOf(news.instanceType, "ModifyInstanceAttribute");
    // The provider stops it, changes it and starts it; where the change is refused it stays as it is.
    await stopServer(machine);
    if (cloud.faults.refuseResize)
      throw refuse("ModifyInstanceAttribute", "InsufficientInstanceCapacity", cloud.faults.refuseResize, 500);
    await startServer(machine);
    return {};
  },

  async delete(cloud, { id, inputs, outputs, hidden }) {
    if (inputs.disableApiTermination === true && inputs.forceDestroy !== true)
      throw refuse(
        "TerminateInstances",
        "OperationNotPermitted",
        `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    if (hidden.machine) await removeServer(hidden.machine);
    // What belongs to an instance or its network interface goes with it; volumes are detached.
    const belongs = ({ outputs: other }: Stored) =>
      other.instanceId === id || other.networkInterfaceId === outputs.primaryNetworkInterfaceId;
    for (const kind of ["VolumeAttachment", "NetworkInterfaceSecurityGroupAttachment", "EipAssociation"])
      for (const each of cloud.list(kind).filter(belongs)) {
        if (kind === "VolumeAttachment") await detachLoop(diskOf(cloud, String(each.inputs.volumeId)));
        cloud.remove(kind, each.id);
      }
  },
};

function imageOf({ ami }: Properties, region: string): Image {
  const image = IMAGES.find((each) => each.id === ami && each.region === region);
  if (!image) throw refuse("RunInstances", "InvalidAMIID.NotFound", `The image id '[${ami}]' does not exist`);
  return image;
}

function architectureOf(type: unknown, operation: string): string {
  const architecture = INSTANCE_TYPES[String(type)];
  if (!architecture)
    throw refuse(operation, "InvalidParameterValue", `Invalid value '${type}' for InstanceType.`);
  return architecture;
}

function keysOf(cloud: Cloud, keyName: unknown, region: string): string[] {
  if (keyName === undefined) return [];
  const found = cloud
    .list("KeyPair")
    .find(({ outputs }) => outputs.keyName === keyName && outputs.region === region);
  if (!found)
    throw refuse("RunInstances", "InvalidKeyPair.NotFound", `The key pair '${keyName}' does not exist`);
  return [String(found.inputs.publicKey)];
}

interface InstancePlace {
  readonly subnetId: string;
  readonly availabilityZone: string;
  readonly cidrBlock: string;
  readonly ipv6CidrBlock: string;
  readonly isPublic: boolean;
}

/** The subnet that was asked for, or the default one of the zone. */
function placeOf(cloud: Cloud, inputs: Properties, region: string): InstancePlace {
  const zone = inputs.availabilityZone as string | undefined;
  if (inputs.subnetId === undefined)
    return {
      subnetId: `subnet-default-${region}`,
      availabilityZone: zone ?? `${region}a`,
      cidrBlock: "172.31.0.0/20",
      ipv6CidrBlock: "",
      isPublic: true,
    };
  const { id, outputs } = known(cloud, "Subnet", inputs.subnetId, "RunInstances", "InvalidSubnetID.NotFound");
  if (outputs.region !== region)
    throw refuse("RunInstances", "InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
  if (zone !== undefined && zone !== outputs.availabilityZone)
    throw refuse(
      "RunInstances",
      "InvalidParameterValue",
      `The subnet ID '${id}' is not in the availability zone '${zone}'`,
    );
  for (const group of (inputs.vpcSecurityGroupIds ?? []) as string[]) {
    const { outputs: told } = known(cloud, "SecurityGroup", group, "RunInstances", "InvalidGroup.NotFound");
    if (told.vpcId !== vpcOf(cloud, id))
      throw refuse(
        "RunInstances",
        "InvalidParameter",
        `Security group ${group} and subnet ${id} belong to different networks.`,
      );
  }
  return {
    subnetId: id,
    availabilityZone: String(outputs.availabilityZone),
    cidrBlock: String(outputs.cidrBlock),
    ipv6CidrBlock: String(outputs.ipv6CidrBlock ?? ""),
    isPublic: outputs.mapPublicIpOnLaunch === true,
  };
}

function ipv6Of(
  { ipv6AddressCount }: Properties,
  { ipv6CidrBlock }: InstancePlace,
  number: string,
): string[] {
  const count = Number(ipv6AddressCount ?? 0);
  if (count > 0 && ipv6CidrBlock === "")
    throw refuse(
      "RunInstances",
      "InvalidParameterValue",
      "The subnet has no IPv6 CIDR block for the instance's addresses",
    );
  return Array.from({ length: count }, (_, index) => ipv6CidrBlock.replace("::/64", `::${number}:${index}`));
}

/** Any address of the subnet but its first four and its last, as EC2 chooses them. */
function freeAddress(cloud: Cloud, cidrBlock: string): string {
  const [first, last] = rangeOf(cidrBlock);
  const taken = cloud.list("Instance").map(({ outputs }) => outputs.privateIp);
  for (;;) {
    const address = addressOf(first + 4 + Math.floor(Math.random() * (last - first - 5)));
    if (!taken.includes(address) && !/\.(0|255)$/.test(address)) return address;
  }
}
