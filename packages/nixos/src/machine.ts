import type { NixModule, NixpkgsSource } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import type { MachineConfig, Outputs } from "./config.js";
import { connectionInputs, jumpHost } from "./connection.js";
import type { DeploymentArgs } from "./deployment-args.js";
import { announceGoal, deploymentInputs } from "./deployment-inputs.js";
import { erasableDisks } from "./disks/erase.js";
import { FirnError } from "./errors.js";
import { SshKeyPair } from "./key-pair.js";
import type { Keys } from "./keys/args.js";
import { type DeclaredKey, declareKeys } from "./keys/declare.js";
import { keyInputs } from "./keys/inputs.js";
import type { MachineLinkArgs } from "./links/args.js";
import type { PeerDescription } from "./links/peer.js";
import { type SourceLocation, showLocation } from "./location.js";
import type { ModuleInput } from "./modules.js";
import type { Network } from "./network.js";
import { parseOptionPath } from "./option-path.js";
import { applyWithUnknowns } from "./pulumi-internals.js";
import type { MachineOutcome, Rollout } from "./rollout.js";
import { type ExistingInputs, System, type SystemInputs } from "./system.js";
import type { Host, HostSsh, JumpHostArgs, KeyPair, LinkOpening, MachineSpec, Target } from "./target.js";

export interface MachineArgs extends DeploymentArgs {
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
  /**
   * Nix system of the computers that build it, where that is another one than `system`: its packages are then
   * cross-compiled. Default: the network's.
   */
  readonly buildPlatform?: string;
  /** `system.stateVersion`; default: the network's. */
  readonly stateVersion?: string;
  /** Names of groups that the machine belongs to. */
  readonly tags?: readonly string[];
  /** Secrets, by name: files on the machine that never enter the Nix store; added to those of the network's defaults. */
  readonly keys?: Keys;
  /** Its part in the network's encrypted links. */
  readonly link?: MachineLinkArgs;
  /**
   * Another number gives the machine another host key, without replacing the machine: over the connection that is
   * pinned to the old one, before anything else is deployed. On a host of `existing()`, any number but 0 has the stack
   * make and keep its key; the host's `hostKey` stays the one that it had at first. Default 0.
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
  /** Where its peers reach it: inside the tunnels when it is linked. Used in another machine's config, it also orders that one after this one. */
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
  private readonly ownKeys: readonly DeclaredKey[];
  private readonly rollout: Rollout;
  private readonly network: Network;

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
    this.network = network;
    const target = args.target ?? network.args.target;
    if (!target)
      throw new FirnError(
        `Machine "${machineName}" has no target: give it one, or the network, for example target: container().`,
      );
    const where = `${showLocation(declared, network.root)}: machine "${machineName}"`;
    this.ownKeys = declareKeys(network.args.defaults?.keys, args.keys, where);
    this.rollout = network.rollout;
    this.host = target.provision(this.spec(network), { parent: this });
    this.address = this.host.address;
    this.privateAddress = applyWithUnknowns(this.host.privateAddress, () => this.reachedAt());
    this.ssh = args.via === undefined ? this.host.ssh : { ...this.host.ssh, via: jumpHost(args.via) };
    this.hostKey = pulumi.output(this.ssh.hostKey);

    const deployment = this.deployment(network);
    if (deployment.goal !== network.goal) announceGoal(deployment.goal, this);
    const outcome = this.rollout.add(this, dependsOn);
    this.system = this.makeSystem(network, outcome, deployment);
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
   * @param attributes only these of a set, which costs one evaluation: `option("networking.firewall", ["enable", "allowPing"])`
   * @throws (as the output's error) when the value depends on what is only known after provisioning; it says on what
   */
  option<T = unknown>(path: string, attributes?: readonly string[]): pulumi.Output<T> {
    const value = this.rollout.option(this, parseOptionPath(path), attributes);
    return pulumi.output(value as Promise<T>) as pulumi.Output<T>;
  }

  /**
   * Where another machine reaches this one: inside their tunnel where they are linked, at `privateAddress` where both
   * are in the same private network, at `address` otherwise, as between clouds or regions. Used in the other's config,
   * it also orders that one after this one.
   */
  addressFor(peer: Machine): pulumi.Output<string> {
    const linked = this.rollout.declared().then(() => this.linkedWith.has(peer.machineName));
    return pulumi
      .all([linked, this.host.privateNetwork, peer.host.privateNetwork, this.privateAddress, this.address])
      .apply(([isLinked, own, other, inside, outside]) =>
        isLinked || own === undefined || own === other ? inside : outside,
      );
  }

  /** What its cloud calls the server, for resources that go with it: `i-0123456789abcdef0` on EC2. Another one is another server. */
  get hostId(): pulumi.Output<string> {
    return this.host.id;
  }

  /** Name of its own resources, and the beginning of the names of those that belong to it. */
  get resourceName(): string {
    return `${this.network.networkName}-${this.machineName}`;
  }

  get tags(): readonly string[] {
    return this.args.tags ?? [];
  }

  /** What another stack's program needs to link with it: export it, and give it to `remotePeer()` there. */
  get linkPeer(): pulumi.Output<PeerDescription> {
    this.network.links.takePart(this);
    const described = this.rollout.declared().then(() => this.network.links.describe(this));
    return pulumi.output(described) as pulumi.Output<PeerDescription>;
  }

  /** @internal Resolves when the program has declared all machines of the network. */
  allDeclared(): Promise<void> {
    return this.rollout.declared();
  }

  /** @internal Its keys, with that of its links once all machines are declared. */
  get keys(): readonly DeclaredKey[] {
    return [...this.ownKeys, ...declareKeys(undefined, this.network.links.of(this)?.keys, this.machineName)];
  }

  /** @internal Names that it reaches inside tunnels. */
  get linkedWith(): ReadonlySet<string> {
    return this.network.links.of(this)?.reaches ?? new Set();
  }

  /** @internal The NixOS half of its links; undefined when it has none. */
  async linkModule(absent: ReadonlySet<string>, early: boolean): Promise<NixModule<Outputs> | undefined> {
    return this.network.links.of(this)?.module(absent, early);
  }

  /** Links are known when all machines are declared, and before any host is. */
  private async reachedAt(): Promise<pulumi.Input<string>> {
    await this.rollout.declared();
    return this.network.links.of(this)?.addresses.ipv4 ?? this.host.privateAddress;
  }

  private spec(network: Network): MachineSpec {
    const name = this.resourceName;
    const hostKeyRotation = this.args.hostKeyRotation ?? 0;
    let hostKey: KeyPair | undefined;
    let temporaryHostKey: KeyPair | undefined;
    return {
      network: network.networkName,
      name: this.machineName,
      stack: pulumi.getStack(),
      system: this.args.system ?? network.system,
      hostKeyRotation,
      tags: this.tags,
      hostKey: () => {
        hostKey ??= new SshKeyPair(
          `${name}-host-key`,
          { comment: name, rotation: hostKeyRotation },
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
      linkOpenings: () => {
        // An output of a promise would be unknown as a whole while any of the addresses in it is.
        const declared = pulumi.output(this.rollout.declared().then(() => true));
        return declared.apply(async (): Promise<LinkOpening[]> => network.links.of(this)?.openings() ?? []);
      },
      deployKey: () => network.deployKey(),
      option: (path, attributes) => this.option(path, attributes),
      shared: (key, make) => network.shared(key, make),
    };
  }

  /** Previews that look at hosts say so themselves: a provider is not told. */
  private existingInputs(network: Network): { existing?: ExistingInputs } {
    const { existing } = this.host;
    if (existing === undefined) return {};
    const looks = pulumi.runtime.isDryRun() && new pulumi.Config("firn").getBoolean("lookAtHosts") !== false;
    const preview = looks ? { preview: true as const } : {};
    const manage = existing === "services" ? { manage: existing } : {};
    return { existing: { system: this.args.system ?? network.system, ...manage, ...preview } };
  }

  private diskInputs(): Pick<SystemInputs, "disks" | "eraseDisks"> {
    const { disks } = this.host;
    if (disks === undefined) return {};
    const eraseDisks = erasableDisks(this.resourceName);
    return { disks, ...(eraseDisks === undefined ? {} : { eraseDisks }) };
  }

  private deployment(network: Network): ReturnType<typeof deploymentInputs> {
    const where = `machine "${this.machineName}" (${showLocation(this.declared, network.root)})`;
    const inputs = deploymentInputs(this.args, network.args, where);
    if (this.host.startedBy !== undefined && inputs.buildOn === "target")
      throw new FirnError(
        `${where}: buildOn: "target": the machine boots from its own system, which has to be built before there is a machine. Leave \`buildOn\` out.`,
      );
    return inputs;
  }

  private makeSystem(
    network: Network,
    outcome: Promise<MachineOutcome>,
    deployment: ReturnType<typeof deploymentInputs>,
  ): System {
    const { host } = this;
    const toplevel = pulumi.output(outcome.then((result) => result.toplevel));
    const order = outcome.then<pulumi.Input<pulumi.Resource>[]>((result) => result.dependsOn);
    const before = host.beforeActivation?.(toplevel, { parent: this, dependsOn: order });
    return new System(
      this.resourceName,
      {
        machine: this.machineName,
        network: network.networkName,
        hostId: host.id,
        ...connectionInputs(host, this.ssh),
        ...(host.install === undefined ? {} : { install: host.install }),
        ...(host.startedBy === undefined ? {} : { startedBy: host.startedBy }),
        ...this.diskInputs(),
        ...(host.sharesStore ? { sharesStore: true as const } : {}),
        ...(host.console === undefined ? {} : { console: host.console }),
        ...this.existingInputs(network),
        drvPath: pulumi.output(outcome.then((result) => result.drvPath)),
        toplevel,
        manifest: pulumi.output(outcome.then((result) => result.manifest)),
        ...deployment,
        ...network.rolling.join(this.args.tags ?? []),
        component: this.urn,
        ...keyInputs(
          this.rollout.declared().then(() => this.keys),
          () => network.keyDigestSecret(),
          outcome.then((result) => result.keySums),
        ),
      },
      {
        parent: this,
        dependsOn:
          before === undefined
            ? order
            : order.then<pulumi.Input<pulumi.Resource>[]>((others) => [...others, before]),
      },
    );
  }
}
