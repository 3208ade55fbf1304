import type { NixModule } from "@firn/nix";
import type * as pulumi from "@pulumi/pulumi";
import type { Outputs } from "../config.js";

/** What identifies one end of tunnels; made once and kept in the stack. */
export interface LinkIdentity {
  readonly publicKey: pulumi.Output<string>;
  /** A Pulumi secret; it reaches the machine as one of its `keys`. */
  readonly privateKey: pulumi.Output<string>;
  /** The key before the last rotation; empty when there was none. */
  readonly previousPublicKey: pulumi.Output<string>;
}

/** Another end, as one machine sees it. In a preview, what is not known yet is Pulumi's `unknown`. */
export interface LinkPeer {
  readonly name: string;
  readonly publicKey: string;
  /** For a peer that once changed its key: taken as well until the new one was heard; empty where it is as it was made. */
  readonly previousPublicKey?: string;
  /** Addresses inside the tunnels, with prefix lengths: its own, and those behind it. */
  readonly addresses: readonly string[];
  /** `ADDRESS:PORT`; absent where the peer opens the connection. */
  readonly endpoint?: string;
  /** The IP address that its packets come from; absent when they may come from anywhere. */
  readonly comesFrom: string | undefined;
  /** Whether this machine must keep a NAT's mapping to the peer alive. */
  readonly keepAlive: boolean;
  /** Whether all ports are open to it inside the tunnel. */
  readonly trusted: boolean;
}

/** One machine's end of all its tunnels. */
export interface LinkEnd {
  /** Network interface of the tunnels. */
  readonly interface: string;
  /** Its own addresses inside the tunnels, with prefix lengths. */
  readonly addresses: readonly string[];
  /** UDP port that it listens on. */
  readonly port: number;
  /** Largest packet inside the tunnels, in bytes. */
  readonly mtu: number;
  /** Whether the machine has changed its key, or may: it takes the file into use when its peers know the new one. */
  readonly rotates: boolean;
  /** Absolute path of the private key's file on the machine. */
  readonly keyFile: string;
  /** Unit that stands for the key's presence. */
  readonly keyUnit: string;
  readonly peers: readonly LinkPeer[];
}

/** Options of NixOS, by their first names. */
export type LinkModule = { readonly [name: string]: NixModule<Outputs> | undefined };

/** A kind of encrypted tunnel. */
export interface LinkKind {
  /** Bytes that it adds to a packet at most. */
  readonly overhead: number;
  /** Makes a machine's key pair as a Pulumi resource; another `rotation` makes another pair. */
  identity(name: string, rotation: number, opts: pulumi.CustomResourceOptions): LinkIdentity;
  /** The NixOS options that make one machine's end; firewalls and names are not its business. */
  module(end: LinkEnd): LinkModule;
}
