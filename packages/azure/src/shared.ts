import type { MachineSpec } from "@firn/nixos";
import { resourceName, told, transformed } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import type { AzureArgs } from "./args.js";
import { sdk } from "./sdk.js";
import { tagsOf } from "./tags.js";

/** Addresses of the networks that Firn makes. They are private: two networks may have the same. */
const IP_RANGE = "10.0.0.0/16";
const IPV6_RANGE = "fd66:6972:6e00::/48";
/** A subnet with IPv6 has 64 bits of it (learn.microsoft.com/azure/virtual-network/ip-services/ipv6-overview). */
const IPV6_SUBNET = "fd66:6972:6e00::/64";

/** Name of the resource group of a machine; one per Firn network unless one is given. */
export function resourceGroupOf(machine: MachineSpec, args: AzureArgs): pulumi.Input<string> {
  if (args.resourceGroup !== undefined) return args.resourceGroup;
  const { name } = machine.shared("azure/resource-group", (opts) => {
    const group = {
      resourceGroupName: resourceName([machine.network, machine.stack]),
      location: args.location,
      tags: tagsOf(machine, "network"),
    };
    return new (sdk("ResourceGroup"))(
      ...transformed(args.transform?.resourceGroup, machine.network, group, opts),
    );
  });
  return told(name);
}

/** Id of the subnet of a location's virtual network; one per Firn network. */
export function subnetOf(machine: MachineSpec, args: AzureArgs): pulumi.Output<string> {
  const { location, transform = {} } = args;
  return machine.shared(`azure/network/${location}`, (opts) => {
    const network = {
      resourceGroupName: resourceGroupOf(machine, args),
      virtualNetworkName: resourceName([machine.network, machine.stack, location]),
      location,
      addressSpace: { addressPrefixes: [IP_RANGE, IPV6_RANGE] },
      subnets: [{ name: SUBNET, addressPrefixes: [IP_RANGE, IPV6_SUBNET] }],
      tags: tagsOf(machine, "network"),
    };
    const made = new (sdk("VirtualNetwork"))(
      ...transformed(transform.virtualNetwork, `${machine.network}-${location}`, network, opts),
    );
    return pulumi.interpolate`${made.id}/subnets/${SUBNET}`;
  });
}

const SUBNET = "machines";
