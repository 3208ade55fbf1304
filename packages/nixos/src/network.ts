import type { Goal } from "@firn/host";
import { findNixpkgs, type NixpkgsSource, type Pin } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import type { MachineConfig } from "./config.js";
import type { DeploymentArgs, RollingUpdate } from "./deployment-args.js";
import { announceGoal, goalOf } from "./deployment-inputs.js";
import { shownBare } from "./errors.js";
import { projectRoot } from "./evaluation/project.js";
import { SshKeyPair } from "./key-pair.js";
import type { Keys } from "./keys/args.js";
import { KeyDigestSecret } from "./keys/digest-secret.js";
import type { GroupOptions, LinkOptions, LinksArgs } from "./links/args.js";
import { Links } from "./links/links.js";
import type { Peer } from "./links/peer.js";
import { callerOf, type SourceLocation, showLocation } from "./location.js";
import { Machine, type MachineArgs } from "./machine.js";
import type { ModuleInput } from "./modules.js";
import { InvalidNameError, parseMachineName, parseNetworkName } from "./names.js";
import { keepStacksReadable } from "./readable-stacks.js";
import { RollingGroups } from "./rolling-groups.js";
import { Rollout } from "./rollout.js";
import type { KeyPair, Target } from "./target.js";
import { explainUseErrors } from "./use-errors.js";

keepStacksReadable();
explainUseErrors();
explainUseErrors();

export interface NetworkArgs extends DeploymentArgs {
  /** Default: the project's `flake.lock`, then npins or niv, then `<nixpkgs>` with a warning. */
  readonly nixpkgs?: NixpkgsSource;
  /** `system.stateVersion` of its machines: the NixOS release that they were first deployed with. */
  readonly stateVersion: string;
  /** What machines run on unless they say otherwise. */
  readonly target?: Target;
  /** What all machines share. */
  readonly defaults?: {
    readonly config?: MachineConfig;
    readonly modules?: readonly ModuleInput[];
    readonly keys?: Keys;
  };
  /** How its machines are linked, where they are. */
  readonly links?: LinksArgs;
  /**
   * Rolling updates, by tag; `"*"` stands for all machines. The machines with the tag are activated a few at a time, in
   * the order in which they are declared, so that a bad version stops at the first one.
   */
  readonly rolling?: Readonly<Record<string, RollingUpdate>>;
  /** Nix system of its machines; default: this computer's processor with Linux. */
  readonly system?: string;
  /** Nix system of the computers that build its machines; default: each machine's own. */
  readonly buildPlatform?: string;
}

/**
 * A network of NixOS machines that know each other.
 *
 * @example
 * const shop = new Network("shop", { stateVersion: "26.05", target: container() });
 * const db = shop.machine("db", { config: { services: { postgresql: { enable: true } } } });
 */
export class Network extends pulumi.ComponentResource {
  /** Nix system of machines that name none. */
  readonly system: string;
  /** @internal Where the program made it. */
  readonly declared: SourceLocation | undefined;
  /** @internal Directory of Pulumi.yaml. */
  readonly root: string;
  /** @internal */
  readonly pin: Pin;
  /** @internal */
  readonly rollout: Rollout;
  /** @internal */
  readonly rolling: RollingGroups;
  /** @internal Of machines that say nothing else. */
  readonly goal: Goal;
  /** @internal */
  readonly links: Links;
  private readonly names = new Map<string, string>();
  private readonly machines: Machine[] = [];
  private keyPair: KeyPair | undefined;
  private digestSecret: KeyDigestSecret | undefined;
  private readonly sharedThings = new Map<string, unknown>();

  /** @throws a `RunError` for an invalid name or missing nixpkgs */
  constructor(
    /** Name as given. */
    readonly networkName: string,
    /** @internal */
    readonly args: NetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // Arguments would be sent to the engine whole, for every machine's configuration.
    super("firn:nixos:Network", parseNetworkName(networkName), {}, opts);
    this.declared = callerOf(Network as never);
    this.root = projectRoot();
    this.pin = this.findNixpkgs();
    this.rolling = new RollingGroups(args.rolling ?? {}, networkName);
    this.goal = goalOf(args.goal, `network "${networkName}"`);
    announceGoal(this.goal, this);
    this.system = args.system ?? `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux`;
    this.links = new Links(this, networkName, args.links);
    this.rollout = new Rollout(this);
    this.registerOutputs({});
  }

  /**
   * Declares a machine. All machines of a network are declared in one go: a program that waits (`await`) between
   * two of them gets an error, because the network is evaluated as one.
   *
   * @param opts as for every resource; `dependsOn` holds back the deployment, not the making of the host
   * @throws a `RunError` for an invalid or repeated name, or a missing target
   */
  machine(name: string, args: MachineArgs = {}, opts: pulumi.ComponentResourceOptions = {}): Machine {
    const location = callerOf(this.machine);
    const where = showLocation(location, this.root);
    parseMachineName(name, where);
    const other = this.names.get(name.toLowerCase());
    if (other !== undefined)
      throw new InvalidNameError(
        `${where}: network "${this.networkName}" has a machine "${name}" already, declared at ${other}. Give this one another name.`,
      );
    this.names.set(name.toLowerCase(), where);
    const machine = new Machine(this, name, args, location, opts);
    this.machines.push(machine);
    this.links.added(machine);
    return machine;
  }

  /**
   * The machines that were declared so far, in the program's order: for load balancers, DNS records and whatever else
   * goes with each of them.
   *
   * @param tag only those that have it
   * @example for (const machine of shop.members("public")) …
   */
  members(tag?: string): readonly Machine[] {
    return this.machines.filter((machine) => tag === undefined || machine.tags.includes(tag));
  }

  /**
   * Links two machines, or a machine with a host that Firn does not manage, by an encrypted tunnel. Each knows the
   * other by name at its address inside the tunnel, and a linked machine's `privateAddress` is that address.
   *
   * @example shop.link(web, db)
   */
  link(a: Machine | Peer, b: Machine | Peer, options: LinkOptions = {}): void {
    this.links.link(a, b, options);
  }

  /**
   * Links every machine with every other one, also those that are declared later.
   *
   * @example shop.mesh({ tag: "backend" })
   */
  mesh(options: GroupOptions = {}): void {
    this.links.group({ ...options, gateway: undefined }, this.machines);
  }

  /**
   * Links every machine with a gateway, through which they reach each other: for machines behind NAT, and where a full
   * mesh would be too much.
   */
  hub(gateway: Machine, options: GroupOptions = {}): void {
    this.links.group({ ...options, gateway }, this.machines);
  }

  private findNixpkgs(): Pin {
    try {
      return findNixpkgs(this.args.nixpkgs, {
        root: this.root,
        configured: new pulumi.Config("firn").get("nixpkgs"),
        warn: (message) => void pulumi.log.warn(message, this),
      });
    } catch (error) {
      throw shownBare(error);
    }
  }

  /** @internal What the digests of its machines' keys are made with. */
  keyDigestSecret(): pulumi.Output<string> {
    this.digestSecret ??= new KeyDigestSecret(`${this.networkName}-keys`, { parent: this });
    return this.digestSecret.secret;
  }

  /** @internal The key with which this stack's deployer logs in to hosts that it makes. */
  deployKey(): KeyPair {
    this.keyPair ??= new SshKeyPair(
      `${this.networkName}-deploy-key`,
      { comment: `firn ${this.networkName} ${pulumi.getStack()}` },
      { parent: this },
    );
    return this.keyPair;
  }

  /** @internal See {@link MachineSpec.shared}. */
  shared<T>(key: string, make: (opts: pulumi.CustomResourceOptions) => T): T {
    if (!this.sharedThings.has(key)) this.sharedThings.set(key, make({ parent: this }));
    return this.sharedThings.get(key) as T;
  }
}
