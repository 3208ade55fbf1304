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
  /** The stack's deployment key, whose public half opens root's account; created by the first call. */
  deployKey(): KeyPair;
}

/** How the deployer reaches a host over ssh. */
export interface HostSsh {
  readonly user: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  /** The only host key that is accepted: `ssh-ed25519 AAAA…`. */
  readonly hostKey: pulumi.Input<string>;
  /** OpenSSH private key text (secret). Without it ssh uses the user's own agent and configuration. */
  readonly identity?: pulumi.Input<string>;
}

/** What a machine runs on, as a target made or found it. */
export interface Host {
  /** Changes exactly when the machine has become another machine. */
  readonly id: pulumi.Output<string>;
  /** Where the deployer reaches it: an IP address or a DNS name. */
  readonly address: pulumi.Output<string>;
  /** Where its peers reach it: an IP address. */
  readonly privateAddress: pulumi.Output<string>;
  readonly ssh: HostSsh;
  /** The physical half of the machine's NixOS configuration: boot loader, disks, agents. */
  readonly module: NixModule<Outputs>;
  /** NixOS modules that exist as files, relative to the project root; they belong to the physical half too. */
  readonly modules?: readonly string[];
}

/** The port that every target implements. */
export interface Target {
  /** Creates what a machine runs on. Called once per machine, inside the machine's component. */
  provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host;
}
