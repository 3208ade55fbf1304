import type { Host, MachineSpec, Target } from "@firn/nixos";
import {
  cloudConfig,
  resourceName,
  rootSsh,
  takeOverModule,
  told,
  transformed,
  withoutStop,
} from "@firn/nixos/cloud";
import type { Droplet } from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { DigitaloceanArgs } from "./args.js";
import { firewallOf } from "./firewall.js";
import { digitaloceanModule } from "./module.js";
import { sdk } from "./sdk.js";
import { sshKeyOf, vpcOf } from "./shared.js";
import { tagsOf } from "./tags.js";
import { volumesOf } from "./volumes.js";

/**
 * A target of droplets on DigitalOcean. The token is Pulumi's: `pulumi config set --secret digitalocean:token`.
 *
 * @example digitalocean({ size: "s-1vcpu-1gb", region: "fra1" })
 */
export function digitalocean(args: DigitaloceanArgs): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const { droplet, privateNetwork } = dropletOf(machine, args, opts);
      const dropletId = told(droplet.id).apply(Number);
      const { transform = {}, reservedIp } = args;
      const name = `${machine.network}-${machine.name}`;
      const volumes = volumesOf(machine, args, dropletId, opts);
      if (args.firewall !== false) firewallOf(machine, dropletId, transform, opts);
      if (reservedIp) {
        const assignment = { ipAddress: reservedIp.ipAddress, dropletId };
        new (sdk().ReservedIpAssignment)(
          ...transformed(transform.reservedIpAssignment, name, assignment, {
            ...opts,
            deleteBeforeReplace: true,
          }),
        );
      }

      const deployKey = machine.deployKey();
      const address = pulumi.all([droplet.ipv4Address, droplet.ipv6Address]).apply(([v4, v6]) => v4 || v6);
      return {
        id: droplet.id,
        address,
        privateAddress: pulumi
          .all([droplet.ipv4AddressPrivate, address])
          .apply(([inside, own]) => inside || own),
        privateNetwork,
        ssh: { ...rootSsh(machine), temporaryHostKey: machine.temporaryHostKey().publicKey },
        install: "in-place",
        module: {
          imports: [
            takeOverModule(),
            digitaloceanModule({
              deployPublicKey: deployKey.publicKey,
              ipv6Address: args.ipv6 === false ? undefined : droplet.ipv6Address,
            }),
            ...volumes,
          ],
        },
      };
    },
  };
}

/** Makes the droplet itself, with what it needs to exist. */
function dropletOf(
  machine: MachineSpec,
  args: DigitaloceanArgs,
  opts: pulumi.CustomResourceOptions,
): { droplet: Droplet; privateNetwork: pulumi.Input<string> } {
  const { vpc, firewall, volumes, reservedIp, rdns, stop, transform = {}, ...raw } = args;
  const own = vpc === undefined ? vpcOf(machine, args.region, transform) : undefined;
  const vpcUuid = own ? own.id : vpc || undefined;
  const appended = (input: DigitaloceanArgs["tags"], first: readonly pulumi.Input<string>[]) =>
    pulumi.output(input).apply((list) => [...first, ...(list ?? [])]) as pulumi.Output<string[]>;

  const dropletArgs = {
    image: "debian-13-x64",
    ipv6: true,
    ...raw,
    ...(vpcUuid === undefined ? {} : { vpcUuid }),
    name: rdns ?? resourceName([machine.network, machine.stack, machine.name]),
    tags: appended(raw.tags, tagsOf(machine)),
    sshKeys: appended(raw.sshKeys, [sshKeyOf(machine, transform).id]),
    userData: cloudConfig(machine.temporaryHostKey()),
  };
  // They count for the first boot only: another version of Firn or another key must not replace a droplet.
  const ignoreChanges = ["sshKeys", "userData", ...(args.image === undefined ? ["image"] : [])];
  const droplet = new (sdk().Droplet)(
    ...transformed(transform.droplet, `${machine.network}-${machine.name}`, dropletArgs, {
      ...opts,
      ...withoutStop(machine, ["size"], stop),
      ignoreChanges,
    }),
  );
  return {
    droplet,
    privateNetwork: own
      ? `digitalocean/${machine.network}/${args.region}`
      : pulumi.interpolate`digitalocean/${droplet.vpcUuid}`,
  };
}
