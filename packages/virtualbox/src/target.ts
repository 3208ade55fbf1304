import type { Host, MachineSpec, Target } from "@firn/nixos";
import {
  cloudConfig,
  resourceName,
  rootSsh,
  takeOverModule,
  volumeModule,
  withoutStop,
} from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import type { VirtualboxArgs } from "./args.js";
import { virtualboxModule } from "./module.js";
import { Disk, HostOnly, Snapshots, VirtualMachine } from "./resources.js";

const OS_TYPES = { debian: "Debian_64", ubuntu: "Ubuntu_64", nixos: "Linux26_64" } as const;

/** The SATA port of the first volume: the system and the CD of the first boot are before it. */
const FIRST_VOLUME_PORT = 2;

/** Inputs of a machine that VirtualBox changes only while it is off. */
const NEEDS_STOP = ["memory", "cpus", "disk"];

/**
 * A target of virtual machines of this computer's VirtualBox (7.0 or later), driven by VBoxManage as the user who runs Pulumi.
 * No account is needed; Linux and macOS, with a processor of Intel's or AMD's.
 *
 * @example virtualbox({ image: "images/debian-13-generic-amd64.raw", memory: 2048 })
 */
export function virtualbox(args: VirtualboxArgs): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const { distribution = "debian", sharedFolders = {}, volumes = {}, bridged, snapshots } = args;
      checkArgs(machine, args);
      const name = resourceName([machine.network, machine.stack, machine.name]);
      const label = `${machine.network}-${machine.name}`;
      const owner = [pulumi.getProject(), machine.stack, machine.network, machine.name].join("/");
      const disks = Object.entries(volumes).map(([volume, { size }], index) => ({
        port: FIRST_VOLUME_PORT + index,
        args: volumes[volume] as (typeof volumes)[string],
        disk: new Disk(
          `${label}-${volume}`,
          { name: `${name}-${volume}`, size },
          { ...opts, ...withoutStop({ ...machine, name: `${machine.name}-${volume}` }, ["size"], args.stop) },
        ),
      }));
      const hostOnly =
        bridged === undefined ? (args.hostOnly ?? networkOf(machine, args).network) : undefined;
      const deployKey = machine.deployKey();
      const temporary = machine.temporaryHostKey();
      const vm = new VirtualMachine(
        label,
        {
          owner,
          name,
          hostname: machine.name,
          image: args.image,
          osType: OS_TYPES[distribution],
          memory: args.memory ?? 2048,
          cpus: args.cpus ?? 1,
          disk: args.disk ?? 20,
          headless: args.headless ?? true,
          hostOnly,
          bridged,
          fixedAddress: args.address,
          ports: args.ports ?? {},
          sharedFolders: Object.fromEntries(
            Object.entries(sharedFolders).map(([folder, { hostPath, readOnly = true }]) => [
              folder,
              { hostPath, readOnly },
            ]),
          ),
          volumes: disks.map(({ port, disk }) => ({ port, path: disk.path })),
          flags: args.vmFlags ?? [],
          mark: temporary.publicKey,
          userData: cloudConfig(temporary, deployKey.publicKey),
        },
        { ...opts, ...withoutStop(machine, NEEDS_STOP, args.stop) },
      );
      const isFixed = bridged === undefined || args.address !== undefined;
      return {
        id: vm.id,
        address: vm.address,
        privateAddress: vm.address,
        privateNetwork: pulumi.interpolate`virtualbox/${bridged ?? hostOnly}`,
        // A host-only network is this computer's own.
        ...(bridged === undefined ? { behindNat: true } : {}),
        ssh: { ...rootSsh(machine), temporaryHostKey: temporary.publicKey },
        install: "in-place",
        console: { module: "@firn/virtualbox/provider", args: { machine: vm.id } },
        ...(snapshots === undefined
          ? {}
          : {
              beforeActivation: (toplevel, options) =>
                new Snapshots(label, { machine: vm.id, name, toplevel, keep: snapshots }, options),
            }),
        module: {
          imports: [
            takeOverModule(),
            virtualboxModule({
              deployPublicKey: deployKey.publicKey,
              distribution,
              address: isFixed ? vm.address : undefined,
              prefixLength: vm.prefixLength,
              sharedFolders,
            }),
            ...disks.map(({ disk, args }) => volumeModule(disk.device, args)),
          ],
        },
      };
    },
  };
}

function checkArgs(machine: MachineSpec, { bridged, hostOnly, snapshots }: VirtualboxArgs): void {
  const where = `machine "${machine.name}": virtualbox()`;
  if (machine.system !== "x86_64-linux")
    throw new pulumi.RunError(
      `${where} makes machines of x86_64-linux only, and this one is ${machine.system}: give it another target, or another \`system\`.`,
    );
  if (bridged !== undefined && hostOnly !== undefined)
    throw new pulumi.RunError(
      `${where} has \`bridged\` and \`hostOnly\`, and a machine is in one network: leave one out.`,
    );
  if (snapshots !== undefined && !(Number.isInteger(snapshots) && snapshots >= 0))
    throw new pulumi.RunError(
      `${where}: \`snapshots\` is how many to keep, 0 or more, and not ${snapshots}.`,
    );
}

/** The host-only network of a Firn network's machines. */
function networkOf(machine: MachineSpec, { subnet }: VirtualboxArgs): HostOnly {
  return machine.shared(
    `virtualbox/hostonly/${subnet ?? ""}`,
    (opts) =>
      new HostOnly(
        subnet === undefined ? machine.network : `${machine.network}-${subnet}`,
        {
          owner: [pulumi.getProject(), machine.stack, machine.network, ...(subnet ? [subnet] : [])].join("/"),
          name: resourceName([machine.network, machine.stack]),
          subnet,
        },
        opts,
      ),
  );
}
