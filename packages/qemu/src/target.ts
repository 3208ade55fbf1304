import type { Host, MachineSpec, Target } from "@firn/nixos";
import { rootSsh, takeOverModule, withoutStop } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import { accelerator } from "./accelerator.js";
import type { QemuArgs } from "./args.js";
import { guestModule } from "./guest/module.js";

// The serialized provider must stay tiny: only this literal call reaches users' state.
declare const require: (id: "@firn/qemu/provider") => typeof import("./provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require("@firn/qemu/provider").qemu.check(olds, news),
  create: (inputs) => require("@firn/qemu/provider").qemu.create(inputs),
  read: (id, props) => require("@firn/qemu/provider").qemu.read(id, props),
  diff: (id, olds, news) => require("@firn/qemu/provider").qemu.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/qemu/provider").qemu.update(id, olds, news),
  delete: (id) => require("@firn/qemu/provider").qemu.delete(id),
};

const snapshotsProvider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/qemu/provider").snapshots.create(inputs),
  diff: (id, olds, news) => require("@firn/qemu/provider").snapshots.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/qemu/provider").snapshots.update(id, olds, news),
  delete: (id) => require("@firn/qemu/provider").snapshots.delete(id),
};

/**
 * A target of virtual machines on this computer: plain QEMU, without a daemon and without root. A machine starts with
 * Debian and becomes NixOS in place; it has its own kernel, boot loader and disk. It is reached at a port of this
 * computer, and machines of one network reach each other.
 *
 * @example qemu({ image: "/srv/images/debian-13-genericcloud-amd64.qcow2", memory: 2048, ports: { 8080: 80 } })
 */
export function qemu(args: QemuArgs): Target {
  if (args?.image === undefined)
    throw new pulumi.RunError(
      "qemu({ image }): machines start from a cloud image: give the absolute path or the URL of a qcow2 image, for example Debian's genericcloud.",
    );
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      if (machine.system !== "x86_64-linux")
        throw new Error(
          `machine "${machine.name}": qemu() makes x86_64-linux machines, and it is one of ${machine.system}.`,
        );
      warnOnce();
      const { network, mounts, stop, snapshots, arguments: further, ...settings } = args;
      const deployKey = machine.deployKey();
      const hostKey = machine.hostKey();
      const privateNetwork =
        network === false
          ? undefined
          : (network ?? `${pulumi.getProject()}/${machine.stack}/${machine.network}`);
      const resource = new QemuMachine(
        `${machine.network}-${machine.name}`,
        {
          ...settings,
          mounts,
          arguments: further,
          project: pulumi.getProject(),
          stack: machine.stack,
          network: machine.network,
          name: machine.name,
          privateNetwork,
          hostPublicKey: hostKey.publicKey,
          hostPrivateKey: pulumi.secret(hostKey.privateKey),
          deployPublicKey: deployKey.publicKey,
        },
        pulumi.mergeOptions(opts, withoutStop(machine, ["memory", "cpus", "arguments"], stop)),
      );
      return {
        id: resource.id,
        address: pulumi.output("127.0.0.1"),
        privateAddress: resource.privateAddress,
        privateNetwork:
          privateNetwork === undefined ? pulumi.interpolate`qemu/${resource.id}` : `qemu/${privateNetwork}`,
        // Others only reach the ports of this computer that lead to it.
        behindNat: true,
        ssh: { ...rootSsh(machine), port: resource.sshPort },
        install: "in-place",
        console: { module: "@firn/qemu/provider", args: { id: resource.id } },
        ...(snapshots === undefined
          ? {}
          : {
              beforeActivation: (toplevel, options) =>
                new QemuSnapshots(
                  `${machine.network}-${machine.name}`,
                  { machine: resource.id, toplevel, keep: snapshots },
                  options,
                ),
            }),
        module: {
          imports: [
            takeOverModule(),
            guestModule({
              deployPublicKey: deployKey.publicKey,
              ...(privateNetwork === undefined ? {} : { privateAddress: resource.privateAddress }),
              ...(mounts === undefined ? {} : { mounts }),
            }),
          ],
        },
      };
    },
  };
}

const SLOW =
  "This computer does not run virtual machines on its hardware: QEMU computes them, which is about ten times slower. On Linux, load kvm_intel or kvm_amd and let your user open /dev/kvm (group kvm).";
let warned = false;

/** Says that machines are slow before somebody wonders why. */
function warnOnce(): void {
  if (warned) return;
  warned = true;
  accelerator()
    .then(async (kind) => {
      if (kind === "tcg") await pulumi.log.warn(SLOW);
    })
    .catch(() => {});
}

class QemuMachine extends pulumi.dynamic.Resource {
  declare readonly sshPort: pulumi.Output<number>;
  declare readonly privateAddress: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...inputs, sshPort: undefined, privateAddress: undefined, running: undefined },
      // A machine that is made is looked for by its host key first: the one that it replaces has to be gone by then.
      pulumi.mergeOptions({ additionalSecretOutputs: ["hostPrivateKey"], deleteBeforeReplace: true }, opts),
      "firn",
      "QemuMachine",
    );
  }
}

/** Snapshots of a machine's disk. */
class QemuSnapshots extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(snapshotsProvider, name, inputs, opts, "firn", "QemuSnapshots");
  }
}
