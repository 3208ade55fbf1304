import { isIPv6 } from "node:net";
import type { MachineSpec } from "@firn/nixos";
import { type OpenPorts, openPorts, resourceName, transformed } from "@firn/nixos/cloud";
import type { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AzureArgs } from "./args.js";
import { sdk } from "./sdk.js";
import { resourceGroupOf } from "./shared.js";
import { tagsOf } from "./tags.js";

/** A rule of a network security group, as the SDK's `SecurityRuleArgs`. */
export interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly direction: "Inbound";
  readonly access: "Allow";
  readonly protocol: "Icmp" | "Tcp" | "Udp";
  readonly sourceAddressPrefix?: string;
  readonly sourceAddressPrefixes?: pulumi.Output<string[]>;
  readonly sourcePortRange: string;
  readonly destinationAddressPrefix: string;
  readonly destinationPortRanges?: string[];
  readonly destinationPortRange?: string;
}

/**
 * The network security group of one machine, which opens what its NixOS configuration and its links open. Azure's own
 * rules behind them let in what comes from the virtual network.
 */
export function firewallOf(
  machine: MachineSpec,
  args: AzureArgs,
  opts: pulumi.CustomResourceOptions,
): NetworkSecurityGroup {
  const group = {
    resourceGroupName: resourceGroupOf(machine, args),
    networkSecurityGroupName: resourceName([machine.network, machine.stack, machine.name, args.location]),
    location: args.location,
    securityRules: openPorts(machine).apply(rulesFor),
    tags: tagsOf(machine, "machine"),
  };
  const name = `${machine.network}-${machine.name}`;
  return new (sdk("NetworkSecurityGroup"))(
    ...transformed(args.transform?.networkSecurityGroup, name, group, opts),
  );
}

/** Rules for what comes in, in the order of their priority. */
export function rulesFor({ tcp, udp, ping, links }: OpenPorts): Rule[] {
  const port = ({ from, to }: OpenPorts["tcp"][number]) => (from === to ? String(from) : `${from}-${to}`);
  const open = (name: string, protocol: Rule["protocol"], ports?: string[]): Omit<Rule, "priority"> => ({
    name,
    direction: "Inbound",
    access: "Allow",
    protocol,
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    ...(ports === undefined ? { destinationPortRange: "*" } : { destinationPortRanges: ports }),
  });
  const rules = [
    ...(tcp.length > 0 ? [open("tcp", "Tcp", tcp.map(port))] : []),
    ...(udp.length > 0 ? [open("udp", "Udp", udp.map(port))] : []),
    ...(ping ? [open("ping", "Icmp")] : []),
    ...links.map((link) => {
      const { sourceAddressPrefix: _, ...rule } = open(`link-${link.port}`, "Udp", [String(link.port)]);
      return { ...rule, sourceAddressPrefixes: link.fromOutside.apply(sourcesOf) };
    }),
  ];
  return rules.map((rule, index) => ({ ...rule, priority: 1000 + index }));
}

/**
 * Linked peers from outside the virtual network, by IPv4, which is how links reach a machine; what comes from inside is let
 * in by Azure's own rules. A rule must name somebody.
 */
function sourcesOf(from: readonly string[] | undefined): string[] {
  if (from === undefined) return ["0.0.0.0/0"];
  const sources = from.filter((address) => !isIPv6(address)).map((address) => `${address}/32`);
  return sources.length > 0 ? sources : ["255.255.255.255/32"];
}
