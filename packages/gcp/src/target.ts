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
import type { Instance, InstanceArgs } from "@pulumi/gcp/compute/instance.js";
import * as pulumi from "@pulumi/pulumi";
import type { GcpArgs } from "./args.js";
import { recordsOf } from "./dns.js";
import { firewallOf } from "./firewall.js";
import { labelsOf, machineTag, networkTag } from "./labels.js";
import { gcpModule } from "./module.js";
import { sdk } from "./sdk.js";
import { DEFAULT_MTU, networkOf, projectOf, regionOf, subnetworkOf } from "./shared.js";
import { volumesOf } from "./volumes.js";

/**
 * A target of instances on Google Cloud (Compute Engine). Project and credentials are Pulumi's:
 * `pulumi config set gcp:project`.
 *
 * @example gcp({ machineType: "e2-small", zone: "europe-west3-a" })
 */
export function gcp(args: GcpArgs): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const { instance, network, ipv6 } = instanceOf(machine, args, opts);
      const first = instance.networkInterfaces.apply(([nic]) => nic);
      const ipv4Address = first.apply((nic) => nic?.accessConfigs?.[0]?.natIp ?? "");
      const ipv6Address = first.apply((nic) => nic?.ipv6AccessConfigs?.[0]?.externalIpv6 ?? "");
      const privateAddress = first.apply((nic) => nic?.networkIp ?? "");
      const address = pulumi
        .all([ipv4Address, ipv6Address, privateAddress])
        .apply((all) => all.find((each) => each !== "") ?? "");
      const volumes = volumesOf(machine, args, instance.selfLink, opts);
      if (args.firewall !== false) firewallOf(machine, args, network, ipv6, opts);
      const isInside = args.address === false;
      recordsOf(
        machine,
        args,
        { A: isInside ? privateAddress : ipv4Address, AAAA: ipv6 ? ipv6Address : undefined },
        opts,
      );

      const { mtu = DEFAULT_MTU } = args;
      const isNixos = args.nixosImage !== undefined;
      const deployKey = machine.deployKey();
      return {
        // Another instance has another one, and the same name.
        id: instance.instanceId,
        address,
        privateAddress,
        privateNetwork: pulumi.interpolate`gcp/${network}`,
        behindNat: isInside && !ipv6,
        mtu,
        ssh: { ...rootSsh(machine), temporaryHostKey: machine.temporaryHostKey().publicKey },
        ...(isNixos ? {} : { install: "in-place" }),
        module: {
          imports: [
            ...(isNixos ? [] : [takeOverModule()]),
            gcpModule({
              system: machine.system,
              deployPublicKey: deployKey.publicKey,
              mtu,
              disk: isNixos ? "nixos" : "ubuntu",
            }),
            ...volumes,
          ],
        },
      };
    },
  };
}

/** Makes the instance itself, with what it needs to exist. */
function instanceOf(
  machine: MachineSpec,
  args: GcpArgs,
  opts: pulumi.CustomResourceOptions,
): { instance: Instance; network: pulumi.Input<string>; ipv6: boolean } {
  const {
    machineType,
    zone,
    nixosImage,
    image = nixosImage,
    diskSize = 20,
    bootDisk,
    network: given,
    subnetwork: givenSubnetwork,
    networkInterfaces,
    mtu,
    firewall,
    address,
    ipv6: wantsIpv6,
    stop,
    spot,
    volumes,
    rdns,
    dns,
    transform = {},
    ...raw
  } = args;
  const own = given === undefined ? networkOf(machine, args) : undefined;
  const network = own ? told(own.id) : given || "default";
  const subnetwork = own ? subnetworkOf(machine, args, own).id : givenSubnetwork;
  const ipv6 = wantsIpv6 ?? own !== undefined;
  const first = {
    network,
    ...(subnetwork === undefined ? {} : { subnetwork }),
    ...(address === false ? {} : { accessConfigs: [accessConfigOf(machine, args, opts)] }),
    ...(ipv6 ? { stackType: "IPV4_IPV6", ipv6AccessConfigs: [{ networkTier: "PREMIUM" }] } : {}),
  };

  const instanceArgs: InstanceArgs = {
    // It is stopped for another machine type, and started again.
    allowStoppingForUpdate: stop !== "never",
    ...(spot ? { scheduling: SPOT } : {}),
    ...raw,
    name: resourceName([machine.network, machine.stack, machine.name]),
    machineType,
    zone,
    labels: pulumi.output(raw.labels).apply((labels) => ({ ...labelsOf(machine, "machine"), ...labels })),
    tags: pulumi
      .output(raw.tags)
      .apply((tags) => [networkTag(machine), machineTag(machine), ...(tags ?? [])]),
    bootDisk: pulumi.output(bootDisk).apply((disk) => ({
      ...disk,
      initializeParams: {
        image: image ?? imageFor(machine.system),
        size: diskSize,
        ...disk?.initializeParams,
      },
    })) as InstanceArgs["bootDisk"],
    networkInterfaces:
      networkInterfaces === undefined
        ? [first]
        : pulumi.output(networkInterfaces).apply((further) => [first, ...further]),
    metadata: pulumi
      .all([raw.metadata, cloudConfig(machine.temporaryHostKey(), machine.deployKey().publicKey)])
      .apply(([metadata, userData]) => ({
        // Keys of the project's other users are none of this machine's.
        "block-project-ssh-keys": "true",
        ...metadata,
        "user-data": userData,
      })),
  };
  // They count for the first boot only: another version of Firn or another key must not replace an instance. Disks that
  // are attached by resources of their own are theirs.
  const ignoreChanges = [
    'metadata["user-data"]',
    "attachedDisks",
    ...(image === undefined ? ["bootDisk.initializeParams.image"] : []),
  ];
  const instance = new (sdk().Instance)(
    ...transformed(transform.instance, `${machine.network}-${machine.name}`, instanceArgs, {
      ...opts,
      ...withoutStop(machine, ["machineType"], stop),
      ignoreChanges,
    }),
  );
  return { instance, network, ipv6 };
}

/** What Google takes as a spot instance: it must not start again by itself, and keeps its disks when it is stopped. */
const SPOT = {
  provisioningModel: "SPOT",
  preemptible: true,
  automaticRestart: false,
  instanceTerminationAction: "STOP",
};

/** The family of Ubuntu's images, which have cloud-init; Google's Debian has none. */
function imageFor(system: string): string {
  return `ubuntu-os-cloud/ubuntu-2404-lts-${system.startsWith("aarch64") ? "arm64" : "amd64"}`;
}

/** The way to the instance from outside, at a static address. */
function accessConfigOf(machine: MachineSpec, args: GcpArgs, opts: pulumi.CustomResourceOptions) {
  const { address, rdns, transform = {}, zone } = args;
  const made =
    address ||
    new (sdk().Address)(
      ...transformed(
        transform.address,
        `${machine.network}-${machine.name}`,
        {
          ...projectOf(args),
          name: resourceName([machine.network, machine.stack, machine.name]),
          region: regionOf(zone),
          labels: labelsOf(machine, "machine"),
        },
        opts,
      ),
    );
  return { natIp: made.address, ...(rdns === undefined ? {} : { publicPtrDomainName: rdns }) };
}
