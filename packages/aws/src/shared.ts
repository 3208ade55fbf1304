import type { MachineSpec } from "@firn/nixos";
import { resourceName, transformed } from "@firn/nixos/cloud";
import type { KeyPair, RouteTable, RouteTableAssociation, Subnet, Vpc } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Ec2Args } from "./args.js";
import { ipv4Part, ipv6Part } from "./cidr.js";
import { sdk } from "./sdk.js";
import { tagsOf } from "./tags.js";

/** Addresses of the VPCs that Firn makes. They are private: two networks may have the same. */
const IP_RANGE = "10.0.0.0/16";

type Region = { readonly region?: string };

/** What every resource is told of its region. */
export function regionOf({ region }: Ec2Args): Region {
  return region === undefined ? {} : { region };
}

/** Who is asked for a machine: the provider of its resources. */
export function asking({ parent, provider }: pulumi.CustomResourceOptions): pulumi.InvokeOutputOptions {
  return { ...(parent ? { parent } : {}), ...(provider ? { provider } : {}) };
}

/** Name of what a network has once per region. */
function regional(machine: MachineSpec, { region }: Ec2Args): string {
  return region === undefined ? machine.network : `${machine.network}-${region}`;
}

/** The ssh key that opens new instances; one per Firn network and region. */
export function keyPairOf(machine: MachineSpec, args: Ec2Args): KeyPair {
  return machine.shared(`aws/key-pair/${args.region}`, (opts) => {
    const keyName = resourceName([machine.network, machine.stack]);
    const keyPair = {
      keyName,
      publicKey: machine.deployKey().publicKey,
      tags: tagsOf(machine, "network", keyName),
      ...regionOf(args),
    };
    return new (sdk().ec2.KeyPair)(
      ...transformed(args.transform?.keyPair, regional(machine, args), keyPair, opts),
    );
  });
}

interface VpcWithRoutes {
  readonly vpc: Vpc;
  readonly routeTable: RouteTable;
}

/** The VPC of a region with its way to the internet; one per Firn network. */
function vpcOf(machine: MachineSpec, args: Ec2Args): VpcWithRoutes {
  return machine.shared(`aws/vpc/${args.region}`, (opts) => {
    const { Vpc, InternetGateway, RouteTable } = sdk().ec2;
    const { transform = {} } = args;
    const name = regional(machine, args);
    const common = {
      tags: tagsOf(machine, "network", resourceName([machine.network, machine.stack])),
      ...regionOf(args),
    };
    const vpcArgs = {
      cidrBlock: IP_RANGE,
      assignGeneratedIpv6CidrBlock: true,
      enableDnsHostnames: true,
      ...common,
    };
    const vpc = new Vpc(...transformed(transform.vpc, name, vpcArgs, opts));
    const gatewayArgs = { vpcId: vpc.id, ...common };
    const gateway = new InternetGateway(...transformed(transform.internetGateway, name, gatewayArgs, opts));
    const routes = [
      { cidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { ipv6CidrBlock: "::/0", gatewayId: gateway.id },
    ];
    const routeTableArgs = { vpcId: vpc.id, routes, ...common };
    return {
      vpc,
      routeTable: new RouteTable(...transformed(transform.routeTable, name, routeTableArgs, opts)),
    };
  });
}

/** A subnet, and what leads it to the internet: instances come after that, and go before it. */
interface RoutedSubnet {
  readonly subnet: Subnet;
  readonly route: RouteTableAssociation;
}

/** The subnet of an availability zone; one per Firn network, in the one VPC of the region. */
function subnetOf(machine: MachineSpec, args: Ec2Args): RoutedSubnet {
  const { availabilityZone, transform = {} } = args;
  return machine.shared(`aws/subnet/${args.region}/${availabilityZone}`, (opts) => {
    const { Subnet, RouteTableAssociation } = sdk().ec2;
    const { vpc, routeTable } = vpcOf(machine, args);
    const number = availabilityZone === undefined ? 0 : numberOf(availabilityZone);
    const name =
      availabilityZone === undefined ? regional(machine, args) : `${machine.network}-${availabilityZone}`;
    const region = regionOf(args);
    const subnetArgs = {
      vpcId: vpc.id,
      cidrBlock: vpc.cidrBlock.apply((block) => ipv4Part(block, number)),
      ipv6CidrBlock: vpc.ipv6CidrBlock.apply((block) => ipv6Part(block, number)),
      mapPublicIpOnLaunch: true,
      ...(availabilityZone === undefined ? {} : { availabilityZone }),
      tags: tagsOf(machine, "network", resourceName([machine.network, machine.stack])),
      ...region,
    };
    const subnet = new Subnet(...transformed(transform.subnet, name, subnetArgs, opts));
    const association = { subnetId: subnet.id, routeTableId: routeTable.id, ...region };
    const route = new RouteTableAssociation(
      ...transformed(transform.routeTableAssociation, name, association, opts),
    );
    return { subnet, route };
  });
}

/** What must be known of the subnet that an instance is in. */
export interface Place {
  /** Undefined for the region's default VPC. */
  readonly subnetId: pulumi.Input<string> | undefined;
  readonly vpcId: pulumi.Input<string> | undefined;
  /** Known before the instance, and the same after it was replaced: volumes are made there. */
  readonly availabilityZone: pulumi.Input<string> | undefined;
  /** See `Host` of `@firn/nixos`. */
  readonly privateNetwork: pulumi.Input<string>;
  /** What must exist before an instance. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The subnet of an instance: one that Firn makes, one that was given, or the default one. */
export function placeOf(machine: MachineSpec, args: Ec2Args, opts: pulumi.CustomResourceOptions): Place {
  const { subnet, availabilityZone, region } = args;
  if (subnet === undefined) {
    const { subnet: made, route } = subnetOf(machine, args);
    return {
      dependsOn: [route],
      subnetId: made.id,
      vpcId: made.vpcId,
      availabilityZone: made.availabilityZone,
      privateNetwork: `aws/${machine.network}/${region ?? "default"}`,
    };
  }
  if (subnet === false)
    return {
      dependsOn: [],
      subnetId: undefined,
      vpcId: undefined,
      availabilityZone,
      privateNetwork: `aws/default/${region ?? "default"}`,
    };
  const found = sdk().ec2.getSubnetOutput({ id: subnet, ...regionOf(args) }, asking(opts));
  return {
    dependsOn: [],
    subnetId: subnet,
    vpcId: found.vpcId,
    availabilityZone: found.availabilityZone,
    privateNetwork: pulumi.interpolate`aws/${found.vpcId}`,
  };
}

/** The third /20 of the VPC for the zone `b`, whichever zones are used first; the first one is for no zone's. */
function numberOf(availabilityZone: string): number {
  const letter = /^[a-z]+(?:-[a-z]+)+-\d+([a-o])$/.exec(availabilityZone)?.[1];
  if (letter === undefined)
    throw new pulumi.RunError(
      `ec2() makes no subnet in "${availabilityZone}", which is no availability zone such as eu-central-1a: give it the id of one (subnet).`,
    );
  return letter.charCodeAt(0) - "a".charCodeAt(0) + 1;
}
