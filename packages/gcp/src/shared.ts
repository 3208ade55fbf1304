import { createHash } from "node:crypto";
import type { MachineSpec } from "@firn/nixos";
import { resourceName, told, transformed } from "@firn/nixos/cloud";
import type { Network } from "@pulumi/gcp/compute/network.js";
import type { Subnetwork } from "@pulumi/gcp/compute/subnetwork.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GcpArgs } from "./args.js";
import { labelsOf, networkTag } from "./labels.js";
import { sdk } from "./sdk.js";

/** Largest packet of a VPC network that was told no other (cloud.google.com/vpc/docs/mtu). */
export const DEFAULT_MTU = 1460;

/** `europe-west3` of `europe-west3-a`. */
export function regionOf(zone: string): string {
  return zone.replace(/-[a-z]$/, "");
}

/** The project that all resources of a machine belong to, where it is not Pulumi's. */
export function projectOf({ project }: GcpArgs): { project?: pulumi.Input<string | undefined> } {
  return project === undefined ? {} : { project };
}

/** The VPC network, which spans all regions; one per Firn network. Its machines may reach each other. */
export function networkOf(machine: MachineSpec, args: GcpArgs): Network {
  return machine.shared("gcp/network", (opts) => {
    const { Firewall, Network } = sdk();
    const { transform = {}, mtu = DEFAULT_MTU } = args;
    const name = resourceName([machine.network, machine.stack]);
    const network = new Network(
      ...transformed(
        transform.network,
        machine.network,
        {
          ...projectOf(args),
          name,
          description: descriptionOf(machine),
          autoCreateSubnetworks: false,
          mtu,
        },
        opts,
      ),
    );
    new Firewall(
      ...transformed(
        transform.firewall,
        machine.network,
        {
          ...projectOf(args),
          name,
          description: descriptionOf(machine),
          network: told(network.id),
          priority: 900,
          allows: [{ protocol: "all" }],
          sourceTags: [networkTag(machine)],
          targetTags: [networkTag(machine)],
        },
        opts,
      ),
    );
    return network;
  });
}

/** The subnetwork of a region, with IPv6; one per Firn network. */
export function subnetworkOf(machine: MachineSpec, args: GcpArgs, network: Network): Subnetwork {
  const region = regionOf(args.zone);
  return machine.shared(
    `gcp/subnetwork/${region}`,
    (opts) =>
      new (sdk().Subnetwork)(
        ...transformed(
          args.transform?.subnetwork,
          `${machine.network}-${region}`,
          {
            ...projectOf(args),
            name: resourceName([machine.network, machine.stack, region]),
            description: descriptionOf(machine),
            network: told(network.id),
            region,
            ipCidrRange: rangeOf(region),
            stackType: "IPV4_IPV6",
            ipv6AccessType: "EXTERNAL",
          },
          opts,
        ),
      ),
  );
}

/**
 * Addresses of a region's subnetwork, out of 10.64.0.0/10: those of a network must not overlap, and depend neither on the
 * order in which machines are declared nor on what regions there are. No two of Google's regions have the same.
 */
export function rangeOf(region: string): string {
  const [first = 0, second = 0] = createHash("sha256").update(region).digest();
  return `10.${64 + (first % 64)}.${second & 0xf0}.0/20`;
}

/** These have no labels. */
function descriptionOf(machine: MachineSpec): string {
  return Object.values(labelsOf(machine, "network")).join(" ");
}
