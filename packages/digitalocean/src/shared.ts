import type { MachineSpec } from "@firn/nixos";
import { resourceName, transformed } from "@firn/nixos/cloud";
import type { SshKey, Vpc } from "@pulumi/digitalocean";
import type { DigitaloceanTransforms } from "./args.js";
import { sdk } from "./sdk.js";

/** The ssh key that opens new droplets; one per Firn network. */
export function sshKeyOf(machine: MachineSpec, transform: DigitaloceanTransforms): SshKey {
  return machine.shared("digitalocean/ssh-key", (opts) => {
    const { publicKey } = machine.deployKey();
    const args = { name: resourceName([machine.network, machine.stack]), publicKey };
    return new (sdk().SshKey)(...transformed(transform.sshKey, machine.network, args, opts));
  });
}

/** The private network of a region; one per Firn network. DigitalOcean chooses its addresses, which no other VPC has. */
export function vpcOf(machine: MachineSpec, region: string, transform: DigitaloceanTransforms): Vpc {
  return machine.shared(`digitalocean/vpc/${region}`, (opts) => {
    const args = { name: resourceName([machine.network, machine.stack, region]), region };
    return new (sdk().Vpc)(...transformed(transform.vpc, `${machine.network}-${region}`, args, opts));
  });
}
