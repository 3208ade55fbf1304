import { isIPv6 } from "node:net";
import type { LinkOpening, MachineSpec } from "@firn/nixos";
import { type OpenPorts, openPorts, resourceName, told, transformed } from "@firn/nixos/cloud";
import type { Instance, SecurityGroupArgs } from "@pulumi/aws/ec2/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Ec2Args } from "./args.js";
import { sdk } from "./sdk.js";
import { type Place, regionOf } from "./shared.js";
import { tagsOf } from "./tags.js";

/** A rule of a security group; EC2 wants the networks of each IP version apart. */
interface Rule {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrBlocks?: pulumi.Input<string[]>;
  readonly ipv6CidrBlocks?: pulumi.Input<string[]>;
}

const EVERYWHERE = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };
const ALL_TRAFFIC: Rule = { protocol: "-1", fromPort: 0, toPort: 0, ...EVERYWHERE };
/**
 * "This packet is too big" (ICMP 3/4, ICMPv6 2): instances send packets of 9001 bytes inside a VPC and must hear where
 * that is too much (docs.aws.amazon.com, "Network MTU for your EC2 instance").
 */
const PATH_MTU: readonly Rule[] = [
  { protocol: "icmp", fromPort: 3, toPort: 4, cidrBlocks: EVERYWHERE.cidrBlocks },
  { protocol: "icmpv6", fromPort: 2, toPort: 0, ipv6CidrBlocks: EVERYWHERE.ipv6CidrBlocks },
];
const PING: readonly Rule[] = [
  { protocol: "icmp", fromPort: 8, toPort: 0, cidrBlocks: EVERYWHERE.cidrBlocks },
  { protocol: "icmpv6", fromPort: 128, toPort: 0, ipv6CidrBlocks: EVERYWHERE.ipv6CidrBlocks },
];

/**
 * The security group of one machine, which opens what its NixOS configuration and its links open; what goes out is
 * free. It is put before the instance once that exists, because the groups of linked machines name each other's
 * addresses. The instance itself is told of no group, so that it stays in the VPC's default one, whose members reach
 * each other, and that nothing takes this group away again.
 */
export function firewallOf(
  machine: MachineSpec,
  args: Ec2Args,
  instance: Instance,
  { vpcId }: Place,
  opts: pulumi.CustomResourceOptions,
): void {
  const { SecurityGroup, NetworkInterfaceSecurityGroupAttachment } = sdk().ec2;
  const { transform = {}, vpcSecurityGroupIds = [] } = args;
  const name = `${machine.network}-${machine.name}`;
  const groupName = resourceName([machine.network, machine.stack, machine.name]);
  const groupArgs: SecurityGroupArgs = {
    name: groupName,
    description: `Ports that NixOS opens on ${machine.name}`,
    ...(vpcId === undefined ? {} : { vpcId }),
    ingress: openPorts(machine).apply(rulesFor),
    egress: [ALL_TRAFFIC],
    tags: tagsOf(machine, "machine", groupName),
    ...regionOf(args),
  };
  const group = new SecurityGroup(
    // Two groups of a VPC cannot have the same name.
    ...transformed(transform.securityGroup, name, groupArgs, { ...opts, deleteBeforeReplace: true }),
  );
  [group.id, ...vpcSecurityGroupIds].forEach((securityGroupId, index) => {
    const attachment = {
      securityGroupId,
      networkInterfaceId: told(instance.primaryNetworkInterfaceId),
      ...regionOf(args),
    };
    new NetworkInterfaceSecurityGroupAttachment(
      ...transformed(
        transform.securityGroupAttachment,
        index === 0 ? name : `${name}-${index}`,
        attachment,
        opts,
      ),
    );
  });
}

/** Rules for what comes in. */
export function rulesFor({ tcp, udp, ping, links }: OpenPorts): Rule[] {
  const rule = (protocol: string, from: number, to: number, networks: Partial<Rule> = EVERYWHERE): Rule => ({
    protocol,
    fromPort: from,
    toPort: to,
    ...networks,
  });
  return [
    ...tcp.map(({ from, to }) => rule("tcp", from, to)),
    ...udp.map(({ from, to }) => rule("udp", from, to)),
    ...links.map(({ port, from }) => rule("udp", port, port, networksOf(from))),
    ...(ping ? PING : []),
    ...PATH_MTU,
  ];
}

/** Each address as a network of its own. */
function networksOf(addresses: LinkOpening["from"]): Partial<Rule> {
  const of = (isWanted: (address: string) => boolean, length: number, everywhere: string[]) =>
    addresses.apply((from) => from?.filter(isWanted).map((address) => `${address}/${length}`) ?? everywhere);
  return {
    cidrBlocks: of((address) => !isIPv6(address), 32, EVERYWHERE.cidrBlocks),
    ipv6CidrBlocks: of((address) => isIPv6(address), 128, EVERYWHERE.ipv6CidrBlocks),
  };
}
