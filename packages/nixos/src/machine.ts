import type { NixpkgsSource } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import type { MachineConfig } from "./config.js";
import { connectionInputs, jumpHost } from "./connection.js";
import { FirnError } from "./errors.js";
import { SshKeyPair } from "./key-pair.js";
import type { Keys } from "./keys/args.js";
import { type DeclaredKey, declareKeys } from "./keys/declare.js";
import { keyInputs } from "./keys/inputs.js";
import { type SourceLocation, showLocation } from "./location.js";
import type { ModuleInput } from "./modules.js";
import type { Network } from "./network.js";
import { parseOptionPath } from "./option-path.js";
import type { MachineOutcome, Rollout } from "./rollout.js";
import { System } from "./system.js";
import type { Host, HostSsh, JumpHostArgs, KeyPair, MachineSpec, Target } from "./target.js";

export interface MachineArgs {
  /** NixOS options; anything in the tree may be an `Output` or a Nix expression. */
  readonly config?: MachineConfig;
  /** NixOS modules that exist: files, Nix text, functions of module arguments, outputs of flakes. */
  readonly modules?: readonly ModuleInput[];
  /**
   * Takes over a `nixosConfigurations` of a flake, for example `.#web`; `config` and `modules` extend it. Without a
   * name after `#`, the machine's own.
   */
  readonly flake?: string;
  /** Where this machine's nixpkgs comes from; default: the network's. */
  readonly nixpkgs?: NixpkgsSource;
  /** Further arguments of its modules, which may decide what is imported. */
  readonly specialArgs?: Readonly<Record<string, unknown>>;
  /** What the machine runs on; default: the network's target. */
  readonly target?: Target;
  /** Nix system, for example `aarch64-linux`; default: the network's. */
  readonly system?: string;
  /** `system.stateVersion`; default: the network's. */
  readonly stateVersion?: string;
  /** Names of groups that the machine belongs to. */
  readonly tags?: readonly string[];
  /** Secrets, by name: files on the machine that never enter the Nix store; added to those of the network's defaults. */
  readonly keys?: Keys;
  /**
   * Another number gives the machine another host key, without replacing the machine: over the connection that is
   * pinned to the old one, before anything else is deployed. Default 0.
   */
  readonly hostKeyRotation?: number;
  /**
   * The host through which the deployer reaches this machine: another machine, which is then deployed first, or an
   * address. The machine's `address` is the one that this host sees. Default: what the target says.
   */
  readonly via?: Machine | JumpHostArgs;
}

/** One NixOS machine: a host that its target makes, and the system that runs on it. */
export class Machine extends pulumi.ComponentResource {
  /** Where the deployer reaches it. */
  readonly address: pulumi.Output<string>;
  /** Where its peers reach it. Used in another machine's config, it also orders that one after this one. */
  readonly privateAddress: pulumi.Output<string>;
  /** Public ssh host key, `ssh-ed25519 AAAA…`. */
  readonly hostKey: pulumi.Output<string>;
  /** Store path of the NixOS system that runs. */
  readonly toplevel: pulumi.Output<string>;

  /** @internal */
  readonly host: Host;
  /** @internal How it is reached. */
  readonly ssh: HostSsh;
  /** @internal */
  readonly system: System;
  /** @internal */
  readonly keys: readonly DeclaredKey[];
  private readonly rollout: Rollout;

  /** Made by {@link Network.machine}. */
  constructor(
    network: Network,
    /** Host name of the machine. */
    readonly machineName: string,
    /** @internal */
    readonly args: MachineArgs,
    /** @internal */
    readonly declared: SourceLocation | undefined,
    opts: pulumi.ComponentResourceOptions,
  ) {
    // Order is the business of the System alone: hosts are made side by side, and evaluation waits for all of them.
    const { dependsOn, ...own } = opts;
    super("firn:nixos:Machine", `${network.networkName}-${machineName}`, {}, { parent: network, ...own });
    const target = args.target ?? network.args.target;
    if (!target)
      throw new FirnError(
        `Machine "${machineName}" has no target: give it one, or the network, for example target: container().`,
      );
    const where = `${showLocation(declared, network.root)}: machine "${machineName}"`;
    this.keys = declareKeys(network.args.defaults?.keys, args.keys, where);
    this.host = target.provision(this.spec(network), { parent: this });
    this.address = this.host.address;
    this.privateAddress = this.host.privateAddress;
    this.ssh = args.via === undefined ? this.host.ssh : { ...this.host.ssh, via: jumpHost(args.via) };
    this.hostKey = pulumi.output(this.ssh.hostKey);

    this.rollout = network.rollout;
    const outcome = this.rollout.add(this, dependsOn);
    this.system = this.makeSystem(network, outcome);
    this.toplevel = this.system.toplevel;
    this.registerOutputs({
      address: this.address,
      privateAddress: this.privateAddress,
      hostKey: this.hostKey,
      toplevel: this.toplevel,
    });
  }

  /**
   * The evaluated value of one of its NixOS options, told before the machine exists, so that a firewall, a DNS record
   * or a load balancer can follow the configuration.
   *
   * @param path as NixOS writes it: `services.nginx.virtualHosts."shop.example".root`
   * @throws (as the output's error) when the value depends on what is only known after provisioning; it says on what
   */
  option<T = unknown>(path: string): pulumi.Output<T> {
    return pulumi.output(this.rollout.option(this, parseOptionPath(path)) as Promise<T>) as pulumi.Output<T>;
  }

  private spec(network: Network): MachineSpec {
    const name = `${network.networkName}-${this.machineName}`;
    let hostKey: KeyPair | undefined;
    let temporaryHostKey: KeyPair | undefined;
    return {
      network: network.networkName,
      name: this.machineName,
      stack: pulumi.getStack(),
      system: this.args.system ?? network.system,
      tags: this.args.tags ?? [],
      hostKey: () => {
        hostKey ??= new SshKeyPair(
          `${name}-host-key`,
          { comment: name, rotation: this.args.hostKeyRotation ?? 0 },
          { parent: this },
        );
        return hostKey;
      },
      temporaryHostKey: () => {
        temporaryHostKey ??= new SshKeyPair(
          `${name}-temporary-host-key`,
          { comment: `${name} until its first deployment` },
          { parent: this },
        );
        return temporaryHostKey;
      },
      deployKey: () => network.deployKey(),
    };
  }

  private makeSystem(network: Network, outcome: Promise<MachineOutcome>): System {
    const { host } = this;
    return new System(
      `${network.networkName}-${this.machineName}`,
      {
        machine: this.machineName,
        network: network.networkName,
        hostId: host.id,
        ...connectionInputs(host, this.ssh),
        drvPath: pulumi.output(outcome.then((result) => result.drvPath)),
        toplevel: pulumi.output(outcome.then((result) => result.toplevel)),
        manifest: pulumi.output(outcome.then((result) => result.manifest)),
        component: this.urn,
        ...keyInputs(
          this.keys,
          () => network.keyDigestSecret(),
          outcome.then((result) => result.keySums),
        ),
      },
      {
        parent: this,
        dependsOn: outcome.then<pulumi.Input<pulumi.Resource>[]>((result) => result.dependsOn),
      },
    );
  }
}
