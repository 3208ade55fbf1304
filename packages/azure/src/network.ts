import type { MachineSpec } from "@firn/nixos";
import { resourceName, transformed } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";
import type { AzureArgs } from "./args.js";
import { firewallOf } from "./firewall.js";
import { sdk } from "./sdk.js";
import { resourceGroupOf, subnetOf } from "./shared.js";
import { tagsOf } from "./tags.js";

/** What leads to a machine. */
export interface MachineNetwork {
  /** Id of the network interface. */
  readonly nic: pulumi.Output<string>;
  readonly privateAddress: pulumi.Output<string>;
  /** Undefined for a machine that has none. */
  readonly publicAddress: pulumi.Output<string> | undefined;
  readonly publicIpv6Address: pulumi.Output<string> | undefined;
  readonly privateNetwork: pulumi.Input<string>;
}

/**
 * Makes a machine's network interface and its public address. Their names have the location: one in another location can
 * be made before the one that the machine still has is deleted.
 */
export function networkOf(
  machine: MachineSpec,
  args: AzureArgs,
  opts: pulumi.CustomResourceOptions,
): MachineNetwork {
  const { location, publicIp, transform = {} } = args;
  const name = `${machine.network}-${machine.name}`;
  const subnet = args.subnet ?? subnetOf(machine, args);
  const firewall = args.firewall === undefined ? firewallOf(machine, args, opts).id : args.firewall;
  const address = publicIp === undefined ? publicIpOf(machine, args, "IPv4", opts) : publicIp || undefined;
  const ipv6Address = args.ipv6 ? publicIpOf(machine, args, "IPv6", opts) : undefined;
  const nic = new (sdk("NetworkInterface"))(
    ...transformed(
      transform.networkInterface,
      name,
      {
        resourceGroupName: resourceGroupOf(machine, args),
        networkInterfaceName: resourceName([machine.network, machine.stack, machine.name, location]),
        location,
        ipConfigurations: [
          {
            name: "ipv4",
            primary: true,
            subnet: { id: subnet },
            privateIPAllocationMethod: "Dynamic",
            ...(address === undefined ? {} : { publicIPAddress: { id: address.id } }),
          },
          ...(ipv6Address === undefined
            ? []
            : [
                {
                  name: "ipv6",
                  privateIPAddressVersion: "IPv6",
                  subnet: { id: subnet },
                  privateIPAllocationMethod: "Dynamic",
                  publicIPAddress: { id: ipv6Address.id },
                },
              ]),
        ],
        ...(firewall === false ? {} : { networkSecurityGroup: { id: firewall } }),
        tags: tagsOf(machine, "machine"),
      },
      opts,
    ),
  );
  return {
    nic: nic.id,
    privateAddress: nic.ipConfigurations.apply((all) => all?.[0]?.privateIPAddress ?? ""),
    // Without the interface, whose security group may wait for them: those of linked machines name each other's.
    publicAddress: address?.ipAddress.apply((ip) => ip ?? ""),
    publicIpv6Address: ipv6Address?.ipAddress.apply((ip) => ip ?? ""),
    privateNetwork: args.subnet ?? `azure/${machine.network}/${location}`,
  };
}

/** A static address, because another one does not outlive a machine that is stopped. */
function publicIpOf(
  machine: MachineSpec,
  args: AzureArgs,
  version: "IPv4" | "IPv6",
  opts: pulumi.CustomResourceOptions,
) {
  const { location, rdns, transform = {} } = args;
  const suffix = version === "IPv4" ? "" : "-ipv6";
  const parts = [machine.network, machine.stack, machine.name, `${location}${suffix}`];
  return new (sdk("PublicIPAddress"))(
    ...transformed(
      transform.publicIp,
      `${machine.network}-${machine.name}${suffix}`,
      {
        resourceGroupName: resourceGroupOf(machine, args),
        publicIpAddressName: resourceName(parts),
        location,
        sku: { name: "Standard" },
        publicIPAddressVersion: version,
        publicIPAllocationMethod: "Static",
        ...(rdns === undefined || version === "IPv6" ? {} : { dnsSettings: { reverseFqdn: rdns } }),
        tags: tagsOf(machine, "machine"),
      },
      opts,
    ),
  );
}
