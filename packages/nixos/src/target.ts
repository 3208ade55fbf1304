import type { DiskPlan } from "@firn/host";
import type { NixModule } from "@firn/nix";
import type * as pulumi from "@pulumi/pulumi";
import type { Outputs } from "./config.js";

/** An ed25519 key pair that belongs to the stack. `privateKey` is OpenSSH text and always a Pulumi secret. */
export interface KeyPair {
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicKey: pulumi.Output<string>;
  readonly privateKey: pulumi.Output<string>;
}

/** What a target is told about the machine that it makes a host for. */
export interface MachineSpec {
  readonly network: string;
  readonly name: string;
  readonly stack: string;
  /** Nix system of the machine, for example `x86_64-linux`. */
  readonly system: string;
  readonly tags: readonly string[];
  /** The machine's ssh host key, made before the server exists; the key pair is created by the first call. */
  hostKey(): KeyPair;
  /** Counts the host keys that the user gave the machine after its first one. */
  readonly hostKeyRotation: number;
  /**
   * A key for the machine's first boot, where only user data can carry one; created by the first call. See
   * {@link HostSsh.temporaryHostKey}.
   */
  temporaryHostKey(): KeyPair;
  /**
   * What a cloud's firewall must let in for the machine's encrypted links, beside what its own firewall opens; known
   * when all machines are declared, empty for a machine without links.
   */
  linkOpenings(): pulumi.Output<readonly LinkOpening[]>;
  /** The stack's deployment key, whose public half opens root's account; created by the first call. */
  deployKey(): KeyPair;
  /**
   * The evaluated value of one of its NixOS options, told before the machine exists: a cloud's firewall follows
   * `networking.firewall.allowedTCPPorts`.
   *
   * @param attributes only these of a set, which costs one evaluation
   * @throws (as the output's error) when the value depends on what is only known after provisioning
   */
  option<T>(path: string, attributes?: readonly string[]): pulumi.Output<T>;
  /**
   * What machines of one network have in common, such as the private network of a region.
   *
   * @param key names it within the Firn network; begins with the target's name
   * @param make makes it, with options that put it under the network; called for the first machine only
   */
  shared<T>(key: string, make: (opts: pulumi.CustomResourceOptions) => T): T;
}

/** A UDP port of encrypted links. */
export interface LinkOpening {
  readonly port: number;
  /**
   * IP addresses of those that may reach it; undefined where they may come from anywhere. An output of its own, so that a
   * preview knows the port before it knows the addresses.
   */
  readonly from: pulumi.Output<readonly string[] | undefined>;
  /**
   * Those of them that are in no private network with the machine. It waits for public addresses only: a firewall that is
   * made before the machines' network interfaces takes these.
   */
  readonly fromOutside: pulumi.Output<readonly string[] | undefined>;
}

/** How the deployer reaches a host over ssh. */
export interface HostSsh {
  /** Account to log in to. Default: what the user's ssh configuration says where there is no `identity`, otherwise `root`. */
  readonly user?: pulumi.Input<string>;
  /** Default: what the user's ssh configuration says where there is no `identity`, otherwise 22. */
  readonly port?: pulumi.Input<number>;
  /**
   * The only host key that is accepted: `ssh-ed25519 AAAA…`. Or the authority whose host certificates are, as a line
   * of known_hosts: `@cert-authority web.example.org ssh-ed25519 AAAA…`.
   */
  readonly hostKey: pulumi.Input<string>;
  /**
   * Private half of `hostKey` (secret), for hosts whose key Firn made. With it, the machine's System gives the machine
   * its key wherever that still has the former one: after `temporaryHostKey`, and when `hostKeyRotation` changed.
   * Without it, the host's key is the host's own business.
   */
  readonly hostPrivateKey?: pulumi.Input<string>;
  /**
   * For hosts that only user data can give a host key, which stays readable on the machine: the public key that it has
   * at its first boot. Have user data carry `machine.temporaryHostKey()`, return its public half here and
   * `machine.hostKey()` as `hostKey` and `hostPrivateKey`. The machine's first deployment accepts either of the two,
   * puts the lasting one in place over the connection that is pinned to the temporary one, and goes on over a
   * connection that is pinned to the lasting one; from then on no other is accepted.
   */
  readonly temporaryHostKey?: pulumi.Input<string>;
  /** OpenSSH private key text (secret). Without it ssh uses the user's own agent and configuration. */
  readonly identity?: pulumi.Input<string>;
  /** OpenSSH certificate of the identity: the text of `id_ed25519-cert.pub`. */
  readonly certificate?: pulumi.Input<string>;
  /** How the account becomes root if it is another one. Default: sudo without a password. */
  readonly privilege?: PrivilegeArgs;
  /** The host through which it is reached; its `address` is then the one that this host knows. */
  readonly via?: JumpHostArgs;
}

/** How an account that is not root becomes root on the machine. */
export interface PrivilegeArgs {
  readonly method: "sudo" | "doas";
  /**
   * The account's password (kept as a secret). It goes over the connection's standard input only. Without one, the
   * machine must not ask for any.
   */
  readonly password?: pulumi.Input<string>;
}

/** A host through which another one is reached; only its own pinned key is accepted, too. */
export interface JumpHostArgs
  extends Pick<HostSsh, "user" | "port" | "hostKey" | "identity" | "certificate" | "via"> {
  /** IP address or DNS name; without an identity, also a host of your ssh configuration. */
  readonly address: pulumi.Input<string>;
  /** Its name, for messages. */
  readonly name?: string;
}

/** What a machine runs on, as a target made or found it. */
export interface Host {
  /** Changes exactly when the machine has become another machine. */
  readonly id: pulumi.Output<string>;
  /** Where the deployer reaches it: an IP address or a DNS name. */
  readonly address: pulumi.Output<string>;
  /** Where its peers reach it: an IP address. */
  readonly privateAddress: pulumi.Output<string>;
  /**
   * Name or id of the private network that `privateAddress` belongs to: hosts with the same one reach each other there,
   * also through encrypted links, and others at `address`. Without one, `privateAddress` serves all.
   */
  readonly privateNetwork?: pulumi.Input<string>;
  /** Whether nobody outside of its private network can open a connection to it. Default false. */
  readonly behindNat?: boolean;
  /** Largest packet of its network, in bytes; default 1500. */
  readonly mtu?: number;
  readonly ssh: HostSsh;
  /**
   * For a machine that may start with another distribution than NixOS. `in-place`: its first deployment turns it into NixOS
   * in place, over ssh, and reboots it. Its module has to contain `takeOverModule()` of `@firn/nixos/cloud`. One that has
   * booted NixOS is deployed to as ever. `disk`: see `disks`.
   */
  readonly install?: "in-place" | "disk";
  /**
   * For `install: "disk"`: what its disks shall be. Its first deployment finds a rescue system there, partitions and
   * formats, and installs NixOS. See `onDisks()` of `@firn/nixos/cloud`, which makes this and the module that goes with it.
   */
  readonly disks?: DiskPlan;
  /**
   * For a host that was there before Firn, and is asked what it is before its first deployment: whether the whole system
   * is Firn's, or services on a host that stays another distribution's.
   */
  readonly existing?: "system" | "services";
  /**
   * For a host that has nothing to boot before its first system is built: the module, by the name that the program could
   * import, whose `starter` starts it with that; see {@link HostStarter}.
   */
  readonly startedBy?: string;
  /** Whether the machine sees this computer's Nix store, so that nothing of it has to be sent. Default false. */
  readonly sharesStore?: boolean;
  /**
   * Makes a resource that is changed before the machine gets another system, such as a snapshot of it; the System waits
   * for it.
   *
   * @param toplevel store path of the system that will be activated
   */
  beforeActivation?(toplevel: pulumi.Output<string>, opts: pulumi.CustomResourceOptions): pulumi.Resource;
  /**
   * For a target that can read a machine's console: its lines are shown where the machine does not answer. `module` is
   * one of the target's package, such as `@firn/libvirt/provider`, with `lastOfConsole(args)`; both lie in the state, so
   * the module's name is an interface.
   */
  readonly console?: {
    readonly module: string;
    readonly args: Readonly<Record<string, pulumi.Input<unknown>>>;
  };
  /** The physical half of the machine's NixOS configuration: boot loader, disks, agents. */
  readonly module: NixModule<Outputs>;
  /** NixOS modules that exist as files, relative to the project root; they belong to the physical half too. */
  readonly modules?: readonly string[];
}

/**
 * Starts hosts that boot from the closure of their own system, which lies in this computer's Nix store. A deployment that
 * activates something calls it before it connects; it is called where `pulumi` runs.
 */
export interface HostStarter {
  /** Whether a host (by {@link Host.id}) runs, or would when it is switched on. */
  isStarted(id: string): Promise<boolean>;
  /**
   * Starts a host with a system, and waits until its ssh server answers. Where a deployment has been confirmed there,
   * which is when it has a system profile, it does nothing; where another system than this one was tried in vain, it
   * starts the host anew.
   *
   * @param toplevel store path of the system
   * @throws an error with what the host said last
   */
  start(id: string, toplevel: string): Promise<void>;
}

/** The port that every target implements. */
export interface Target {
  /** Creates what a machine runs on. Called once per machine, inside the machine's component. */
  provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host;
}
