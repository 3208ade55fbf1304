import type { LinkKind } from "./kind.js";

/** How a network's machines are linked. */
export interface LinksArgs {
  /** The kind of tunnel; default `wireguard()`. */
  readonly kind?: LinkKind;
  /** IPv4 range of the addresses inside the tunnels, in CIDR notation; default `100.64.0.0/10`. */
  readonly range?: string;
  /** UDP port on every machine; default 51820. */
  readonly port?: number;
  /** Name of the network interface on every machine, 15 characters at most; default `firn0`. */
  readonly interface?: string;
}

/** One machine's part in links. */
export interface MachineLinkArgs {
  /** Its IPv4 address inside the tunnels; default: planned from its name. */
  readonly address?: string;
  /** Another number gives it another key pair, without a connection being lost. Default 0. */
  readonly keyRotation?: number;
}

export interface LinkOptions {
  /** Opens all ports between the linked machines inside the tunnel. Default: their own firewalls decide. */
  readonly trusted?: boolean;
}

/** Which machines a mesh or a hub takes in. */
export interface GroupOptions extends LinkOptions {
  /** Only machines with this tag; default: all of the network. */
  readonly tag?: string;
}
