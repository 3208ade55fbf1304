import type { Host, MachineSpec, Target } from "@firn/nixos";
import { resourceName, rootSsh, transformed, withoutStop } from "@firn/nixos/cloud";
import type { Volume } from "@pulumi/aws/ebs/index.js";
import type { Instance, InstanceArgs } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { addressesOf, wantsIpv4, wantsIpv6 } from "./addresses.js";
import type { Ec2Args } from "./args.js";
import { firewallOf } from "./firewall.js";
import { imageOf } from "./image.js";
import { ec2Module } from "./module.js";
import { sdk } from "./sdk.js";
import { keyPairOf, type Place, placeOf, regionOf } from "./shared.js";
import { tagsOf } from "./tags.js";
import { nixosUserData } from "./user-data.js";
import { attach, volumesOf } from "./volumes.js";

/**
 * A target of instances on Amazon EC2. Credentials are Pulumi's: `AWS_PROFILE`, `pulumi config set aws:profile`, ESC.
 *
 * @example ec2({ instanceType: "t3.small", region: "eu-central-1" })
 */
export function ec2(args: Ec2Args): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const place = placeOf(machine, args, opts);
      const volumes = volumesOf(machine, args, place, opts);
      const instance = instanceOf(machine, args, place, volumes, opts);
      const mounts = attach(machine, args, volumes, instance, opts);
      if (args.firewall === undefined) firewallOf(machine, args, instance, place, opts);
      const { ipv4, ipv6 } = addressesOf(machine, args, instance, opts);

      const deployKey = machine.deployKey();
      return {
        id: instance.id,
        address: pulumi.all([ipv4, ipv6, instance.privateIp]).apply(([v4, v6, inside]) => v4 || v6 || inside),
        privateAddress: instance.privateIp,
        privateNetwork: place.privateNetwork,
        behindNat: !wantsIpv4(args) && !wantsIpv6(args),
        ssh: { ...rootSsh(machine), temporaryHostKey: machine.temporaryHostKey().publicKey },
        module: {
          imports: [ec2Module({ name: machine.name, deployPublicKey: deployKey.publicKey }), ...mounts],
        },
      };
    },
  };
}

/** Makes the instance itself, with what it needs to exist. */
function instanceOf(
  machine: MachineSpec,
  args: Ec2Args,
  { subnetId, dependsOn }: Place,
  volumes: ReadonlyMap<string, Volume>,
  opts: pulumi.CustomResourceOptions,
): Instance {
  const {
    subnet,
    firewall,
    ipv6,
    spot,
    stop,
    volumes: _,
    elasticIp,
    rdns,
    dns,
    transform = {},
    ...raw
  } = args;
  const { vpcSecurityGroupIds = [], ...rest } = raw;
  const groups = firewall === undefined ? [] : [...(firewall ? [firewall] : []), ...vpcSecurityGroupIds];
  const tags = tagsOf(machine, "machine", resourceName([machine.network, machine.stack, machine.name]));
  const instanceArgs: InstanceArgs = {
    ...(args.ami === undefined ? { ami: imageOf(machine, args.region, opts) } : {}),
    ...(wantsIpv6(args) ? { ipv6AddressCount: 1 } : {}),
    ...(spot ? { instanceMarketOptions: { marketType: "spot" } } : {}),
    ...(subnetId === undefined ? {} : { subnetId }),
    ...(groups.length > 0 ? { vpcSecurityGroupIds: groups } : {}),
    // Programs on the machine must ask for a token first, which one that only forwards requests does not get.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required" },
    ...rest,
    // NixOS' image leaves little room for a second system.
    rootBlockDevice: pulumi
      .output(raw.rootBlockDevice)
      .apply((disk) => ({ volumeType: "gp3", volumeSize: 20, tags, ...disk })),
    keyName: keyPairOf(machine, args).keyName,
    tags: pulumi.output(raw.tags).apply((more) => ({ ...tags, ...more })),
    userData: nixosUserData(machine.temporaryHostKey()),
    ...regionOf(args),
  };
  return new (sdk().ec2.Instance)(
    ...transformed(transform.instance, `${machine.network}-${machine.name}`, instanceArgs, {
      ...opts,
      // They count for the first boot only: another version of Firn or another key must not replace or stop an instance.
      ignoreChanges: ["keyName", "userData", ...(args.ami === undefined ? ["ami"] : [])],
      ...withoutStop(machine, ["instanceType"], stop),
      // An instance of this kind cannot be stopped.
      ...(spot ? { replaceOnChanges: ["instanceType"] } : {}),
      // Volumes are free for the next instance, or to be deleted, when this one is gone.
      ...(volumes.size > 0 ? { deleteBeforeReplace: true } : {}),
      dependsOn: [...dependsOn, ...volumes.values()],
    }),
  );
}
