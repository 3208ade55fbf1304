import type { Host, MachineSpec, Target } from "@firn/nixos";
import { rootSsh } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import { containerModule } from "./module.js";

// The serialized provider must stay tiny: only this literal call reaches users' state.
declare const require: (id: "@firn/container/provider") => typeof import("./provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/container/provider").container.create(inputs),
  read: (id, props) => require("@firn/container/provider").container.read(id, props),
  diff: (id, olds, news) => require("@firn/container/provider").container.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/container/provider").container.update(id, olds, news),
  delete: (id) => require("@firn/container/provider").container.delete(id),
};

/** How machines on this computer are made. */
export interface ContainerArgs {
  /**
   * Directory of the root file system that the machine starts from, with systemd, sshd and Nix in it; it is shared and
   * never written. Default: Debian, made once and kept in the cache. Another one replaces the machine.
   */
  readonly image?: pulumi.Input<string>;
  /**
   * `closure`: the machine has no image. Its root is empty at first, it sees this computer's Nix store (as with
   * `store: "shared"`), and its PID 1 is the `init` of its own NixOS system: of the one that its first deployment builds,
   * later of its newest confirmed generation. Another value replaces the machine. Default: an image.
   */
  readonly from?: "closure" | "image";
  /**
   * `shared`: the machine sees this computer's Nix store under what it writes itself, so that systems are neither sent
   * nor stored twice, however many machines run them. What machines run is kept from this computer's garbage collector.
   * Another value replaces the machine. Default: a store of its own.
   */
  readonly store?: "shared" | "own";
  /** Most memory that it may use, in MiB. Default: what this computer has. */
  readonly memory?: pulumi.Input<number>;
  /** How many processors it may keep busy; `0.5` is half of one. Default: all. */
  readonly cpus?: pulumi.Input<number>;
  /**
   * Directories and files of this computer that the machine sees, by absolute path there; for reading only unless
   * `readOnly: false`. A change reboots the machine.
   */
  readonly mounts?: pulumi.Input<Record<string, pulumi.Input<MountArgs>>>;
  /** Ports of this computer that lead to TCP ports of the machine: `{ 8080: 80 }`, `{ "0.0.0.0:8080": 80 }`. */
  readonly ports?: pulumi.Input<Record<string, pulumi.Input<number>>>;
  /**
   * Name of a private network: machines reach those with the same one, and this computer reaches all. Another one
   * replaces the machine. Default: a network that all machines without a name share.
   */
  readonly network?: pulumi.Input<string>;
}

/** A directory or file of this computer. */
export interface MountArgs {
  /** Absolute path. */
  readonly source: pulumi.Input<string>;
  /** Default true. */
  readonly readOnly?: pulumi.Input<boolean>;
}

/**
 * A target of machines on this computer: Linux namespaces with their own network address, systemd as PID 1, sshd and a
 * Nix store. Needs Linux and root; no account, no virtualisation.
 */
export function container(args: ContainerArgs = {}): Target {
  const fromClosure = args.from === "closure";
  if (fromClosure && args.image !== undefined)
    throw new pulumi.RunError(
      'container({ from: "closure", image: … }): a machine that boots from its closure has no image. Leave one of the two out.',
    );
  if (fromClosure && args.store === "own")
    throw new pulumi.RunError(
      'container({ from: "closure", store: "own" }): a machine boots from this computer\'s Nix store, which it therefore shares. Leave one of the two out.',
    );
  const sharesStore = fromClosure || args.store === "shared";
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const deployKey = machine.deployKey();
      const hostKey = machine.hostKey();
      const resource = new Container(
        `${machine.network}-${machine.name}`,
        {
          project: pulumi.getProject(),
          stack: machine.stack,
          network: machine.network,
          name: machine.name,
          image: args.image,
          from: fromClosure ? "closure" : undefined,
          memory: args.memory,
          cpus: args.cpus,
          mounts: args.mounts,
          ports: args.ports,
          privateNetwork: args.network,
          sharesStore: sharesStore ? true : undefined,
          hostPublicKey: hostKey.publicKey,
          hostPrivateKey: pulumi.secret(hostKey.privateKey),
          deployPublicKey: deployKey.publicKey,
        },
        opts,
      );
      return {
        id: resource.id,
        address: resource.address,
        privateAddress: resource.address,
        // Each network is a bridge.
        privateNetwork:
          args.network === undefined ? "container" : pulumi.interpolate`container-${args.network}`,
        ssh: rootSsh(machine),
        ...(sharesStore ? { sharesStore } : {}),
        ...(fromClosure ? bootsItself(resource.id) : {}),
        module: containerModule(deployKey.publicKey, { fromClosure }),
      };
    },
  };
}

/** Where the machine's own system is all that it boots, that system is also to blame, and tells why on the console. */
function bootsItself(id: pulumi.Output<string>): Pick<Host, "console" | "startedBy"> {
  const module = "@firn/container/provider";
  return { startedBy: module, console: { module, args: { id } } };
}

class Container extends pulumi.dynamic.Resource {
  declare readonly address: pulumi.Output<string>;
  declare readonly running: pulumi.Output<boolean>;

  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...inputs, address: undefined, running: undefined },
      // A machine that is made is looked for by its host key first: the one that it replaces has to be gone by then.
      pulumi.mergeOptions({ additionalSecretOutputs: ["hostPrivateKey"], deleteBeforeReplace: true }, opts),
      "firn",
      "Container",
    );
  }
}
