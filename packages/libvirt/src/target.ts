import type { Host, MachineSpec, Target } from "@firn/nixos";
import {
  resourceName,
  rootSsh,
  takeOverModule,
  untracked,
  volumeModule,
  withoutStop,
} from "@firn/nixos/cloud";
import { mountTag } from "@firn/qemu/guest";
import * as pulumi from "@pulumi/pulumi";
import type { LibvirtArgs } from "./args.js";
import { checkArgs } from "./checks.js";
import { type Disk, domainDefinition, type Share } from "./domain/definition.js";
import { libvirtModule } from "./module.js";
import { macOf } from "./owner.js";
import { defaultUri, hostOf } from "./place.js";
import { LibvirtDomain, LibvirtSnapshots, LibvirtVolume } from "./resources.js";
import { seedOf } from "./seed.js";
import { imageOf, networkOf, ownerOf } from "./shared.js";

const GIB = 2 ** 30;
const DEFAULTS = { memory: 1024, cpus: 2, disk: 10, pool: "default", bootTimeout: 300 };

/**
 * A target of virtual machines of libvirt's, on this computer or another one. Needs `virsh` here, and libvirt with QEMU
 * there.
 *
 * @example libvirt({ image: "debian-13-genericcloud-amd64.qcow2", memory: 2048, disk: 20 })
 * @example
 * const lab = libvirt({ uri: "qemu+ssh://root@lab.example.org/system", image: "debian-13-genericcloud-amd64.qcow2" });
 * net.machine("web", { target: lab, via: { address: "lab.example.org", user: "root", hostKey: "ssh-ed25519 AAAA…" } });
 */
export function libvirt(args: LibvirtArgs): Target {
  checkArgs(args);
  const uri = args.uri ?? defaultUri();
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const { bootTimeout, cpus, disk, memory, pool } = { ...DEFAULTS, ...given(args) };
      const firmware = args.firmware ?? (machine.system.startsWith("aarch64") ? "uefi" : "bios");
      const owner = ownerOf(machine).apply((shared) => ({ ...shared, machine: machine.name }));
      const mac = macOf({
        project: pulumi.getProject(),
        stack: machine.stack,
        network: machine.network,
        machine: machine.name,
      });
      const name = resourceName([machine.network, machine.stack, machine.name]);
      const resource = `${machine.network}-${machine.name}`;
      const make = (suffix: string, more: pulumi.Inputs) =>
        new LibvirtVolume(
          `${resource}${suffix}`,
          { uri, pool, name: `${name}${suffix}`, owner, domain: name, ...more },
          opts,
        );

      const { image } = args;
      const original = imageOf(machine, uri, pool, image);
      const root = make("", {
        content: { kind: "copy", volume: original.volumeName, image },
        capacity: disk * GIB,
      });
      const seed = make("-seed", { content: { kind: "seed" }, seed: seedOf(machine, mac, args) });
      const data = Object.entries(args.volumes ?? {}).map(([volume, volumeArgs]) => ({
        volume,
        args: volumeArgs,
        resource: make(`-${volume}`, { content: { kind: "empty" }, capacity: volumeArgs.size * GIB }),
      }));
      const network = typeof args.network === "string" ? undefined : networkOf(machine, uri, args);
      const networkName = network?.name ?? (args.network as string);
      // What is made first.
      const libvirtNetwork =
        network === undefined ? networkName : network.resource.id.apply(() => networkName);
      const shares = sharesOf(args);

      const definition = pulumi
        .all([
          root.volumeName,
          seed.volumeName,
          pulumi.all(data.map((each) => each.resource.volumeName)),
          libvirtNetwork,
        ])
        .apply(([rootVolume, seedVolume, dataVolumes, attached]) => {
          const at = (volume: string, format: Disk["format"] = "qcow2"): Disk => ({ pool, volume, format });
          const xml = domainDefinition({
            ...{ name, firmware, memory, cpus, mac },
            title: `${machine.network}/${machine.name} of the stack ${machine.stack} (Firn)`,
            arch: machine.system.replace(/-.*/, ""),
            root: at(rootVolume),
            seed: at(seedVolume, "raw"),
            data: Object.fromEntries(data.map(({ volume }, index) => [volume, at(dataVolumes[index] ?? "")])),
            network: attached,
            shares: Object.values(shares),
          });
          args.transform?.domain?.(xml);
          return xml;
        });
      const domain = new LibvirtDomain(
        resource,
        {
          ...{ uri, name, owner, definition, memory, cpus, pool, libvirtNetwork, mac, bootTimeout },
          machine: machine.name,
          // Depending on the component would be depending on all that is in it, this domain's System too.
          component: opts.parent === undefined ? "" : untracked(opts.parent.urn),
          acceleration: args.acceleration ?? "kvm-or-emulation",
          disk: root.id,
          // Into a network that only another host has, the deployer goes through that host.
          direct: hostOf(uri).length === 0 || network === undefined,
          ...(args.address === undefined ? {} : { wantedAddress: args.address }),
        },
        { ...opts, ...withoutStop(machine, ["memory", "cpus"], args.stop) },
      );

      const deployKey = machine.deployKey();
      return {
        id: domain.id,
        address: domain.address,
        privateAddress: domain.address,
        privateNetwork: ["libvirt", ...hostOf(uri), networkName].join("/"),
        // Nobody outside of the host opens a connection to a machine behind it, unless its network is the host's own.
        behindNat: network !== undefined,
        ssh: { ...rootSsh(machine), temporaryHostKey: machine.temporaryHostKey().publicKey },
        install: "in-place",
        console: { module: "@firn/libvirt/provider", args: { uri, name, owner, pool } },
        ...(args.snapshots === undefined
          ? {}
          : {
              beforeActivation: (toplevel, options) =>
                new LibvirtSnapshots(
                  resource,
                  { uri, domain: domain.id, name, toplevel, keep: args.snapshots },
                  options,
                ),
            }),
        module: {
          imports: [
            takeOverModule(),
            libvirtModule({
              ...args,
              firmware,
              deployPublicKey: deployKey.publicKey,
              // It grows once the disk has.
              diskSize: root.capacity.apply((bytes) => bytes / GIB),
            }),
            ...data.map(({ volume, args, resource: { id } }) =>
              volumeModule(
                id.apply(() => `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${volume}`),
                args,
              ),
            ),
          ],
        },
      };
    },
  };
}

/** Shared folders by their path in the machine. */
function sharesOf({ mounts = {} }: LibvirtArgs): Record<string, Share> {
  return Object.fromEntries(
    Object.entries(mounts).map(([path, { source, readOnly = true }]) => [
      path,
      { tag: mountTag(path), source, readOnly },
    ]),
  );
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
