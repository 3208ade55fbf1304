import type { MachineSpec } from "@firn/nixos";
import { resourceName, told, transformed } from "@firn/nixos/cloud";
import type { Network, NetworkSubnet, SshKey } from "@pulumi/hcloud";
import type { HcloudTransforms } from "./args.js";
import { labelsOf } from "./labels.js";
import { sdk } from "./sdk.js";

/** Subnets of the networks that Firn makes. They are private: two networks may have the same. */
const IP_RANGE = "10.0.0.0/16";

/**
 * Largest packet between servers of a private network, in bytes; at public addresses it is 1500
 * (docs.hetzner.com/cloud/networks/technical-concepts/architecture).
 */
export const PRIVATE_MTU = 1450;

/** Network zones by location; a network's servers are all in one zone (docs.hetzner.com/cloud/general/locations). */
const ZONES: Readonly<Record<string, string>> = {
  ash: "us-east",
  fsn1: "eu-central",
  hel1: "eu-central",
  hil: "us-west",
  nbg1: "eu-central",
  sin: "ap-southeast",
};

/** A location that is not known here lies, like those that are added most often, in Europe. */
export function zoneOf(location: string): string {
  return ZONES[location] ?? "eu-central";
}

/** The ssh key that opens new servers; one per Firn network. */
export function sshKeyOf(machine: MachineSpec, transform: HcloudTransforms): SshKey {
  return machine.shared("hcloud/ssh-key", (opts) => {
    const { publicKey } = machine.deployKey();
    const args = {
      name: resourceName([machine.network, machine.stack]),
      publicKey,
      labels: labelsOf(machine, "network"),
    };
    return new (sdk().SshKey)(...transformed(transform.sshKey, machine.network, args, opts));
  });
}

/** The private network of a zone with its one subnet. */
export interface PrivateNetwork {
  readonly network: Network;
  readonly subnet: NetworkSubnet;
}

/** The private network of a zone; one per Firn network. */
export function networkOf(machine: MachineSpec, zone: string, transform: HcloudTransforms): PrivateNetwork {
  return machine.shared(`hcloud/network/${zone}`, (opts) => {
    const { Network, NetworkSubnet } = sdk();
    const name = `${machine.network}-${zone}`;
    const network = new Network(
      ...transformed(
        transform.network,
        name,
        {
          name: resourceName([machine.network, machine.stack, zone]),
          ipRange: IP_RANGE,
          labels: labelsOf(machine, "network"),
        },
        opts,
      ),
    );
    const subnet = new NetworkSubnet(
      ...transformed(
        transform.subnet,
        name,
        { networkId: told(network.id).apply(Number), type: "cloud", networkZone: zone, ipRange: IP_RANGE },
        opts,
      ),
    );
    return { network, subnet };
  });
}
