import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import { parseMachineName } from "../names.js";

/** A host that Firn does not manage: an office router, a laptop, a machine of another stack. */
export interface PeerArgs {
  /** The name by which linked machines know it; a DNS label. */
  readonly name: string;
  /** Its public key. Without one, the stack makes its key pair, and {@link Peer.clientConfig} is ready to be used. */
  readonly publicKey?: pulumi.Input<string>;
  /** `ADDRESS:PORT` where it can be reached; without one it is taken to be behind NAT, and opens the connections. */
  readonly endpoint?: pulumi.Input<string>;
  /**
   * Its addresses inside the tunnels, and networks behind it, in CIDR notation: `["10.44.0.7/32", "192.168.10.0/24"]`.
   * The first one gets its name. Default: an address planned from its name.
   */
  readonly addresses?: pulumi.Input<readonly string[]>;
  /** Another number makes another key pair, where the stack makes it. Default 0. */
  readonly keyRotation?: number;
}

/** What a machine tells about its end of tunnels, for `peer()` in another stack's program. */
export interface PeerDescription {
  readonly publicKey: string;
  /** `ADDRESS:PORT`; absent behind NAT. */
  readonly endpoint?: string;
  /** Addresses inside the tunnels, in CIDR notation. */
  readonly addresses: readonly string[];
}

const CLIENT_CONFIG = Symbol.for("@firn/nixos:clientConfig");

/** A host that Firn does not manage, made by {@link peer}; link it with machines. */
export class Peer {
  /** @internal */
  [CLIENT_CONFIG]: pulumi.Output<string> | undefined;

  /** @internal */
  constructor(
    /** @internal */
    readonly args: PeerArgs,
  ) {}

  get name(): string {
    return this.args.name;
  }

  /**
   * Its configuration for `wg-quick`, WireGuard's apps and `firn qr` (a secret).
   *
   * @throws when it is linked with nothing yet
   */
  get clientConfig(): pulumi.Output<string> {
    const text = this[CLIENT_CONFIG];
    if (text) return text;
    throw new FirnError(
      `The peer "${this.name}" is linked with nothing: network.link(machine, peer) comes first.`,
    );
  }
}

/** @internal */
export function setClientConfig(peer: Peer, text: pulumi.Output<string>): void {
  peer[CLIENT_CONFIG] = text;
}

/**
 * A host that Firn does not manage.
 *
 * @example
 * const laptop = peer({ name: "laptop" });
 * shop.link(web, laptop);
 * export const laptopConfig = laptop.clientConfig; // `firn qr laptopConfig` shows it to a telephone
 *
 * @example
 * const office = peer({ name: "office", publicKey: "xTIB…", endpoint: "office.example:51820", addresses: ["10.44.0.1/32"] });
 *
 * @throws {@link FirnError} for a name that is none, or addresses that are none
 */
export function peer(args: PeerArgs): Peer {
  parseMachineName(args.name, "peer()");
  if (Array.isArray(args.addresses))
    for (const address of args.addresses) if (typeof address === "string") parseCidr(address, args.name);
  if (typeof args.publicKey === "string" && !/^[A-Za-z0-9+/]{43}=$/.test(args.publicKey))
    throw new FirnError(
      `peer "${args.name}": publicKey is no WireGuard key, which is 44 characters of base64, as \`wg pubkey\` prints it.`,
    );
  return new Peer(args);
}

/**
 * A machine of another stack, from what its program exports: `export const db = machine.linkPeer`.
 *
 * @example shop.link(web, remotePeer("db", new pulumi.StackReference("org/db/prod").requireOutput("db")))
 */
export function remotePeer(name: string, description: pulumi.Input<PeerDescription>): Peer {
  const known = pulumi.output(description) as pulumi.Output<PeerDescription>;
  return peer({
    name,
    publicKey: known.apply((each) => each.publicKey),
    endpoint: known.apply((each) => each.endpoint ?? ""),
    addresses: known.apply((each) => each.addresses),
  });
}

function parseCidr(text: string, name: string): void {
  const [address = "", bits] = text.split("/");
  const family = isIP(address);
  if (family !== 0 && bits !== undefined && Number(bits) <= (family === 4 ? 32 : 128)) return;
  throw new FirnError(
    `peer "${name}": addresses has ${JSON.stringify(text)}, which is no address in CIDR notation. Write for example "10.44.0.7/32".`,
  );
}
