import { isIP } from "node:net";
import { parseHostKey } from "@firn/host";
import { FirnError } from "./errors.js";
import { UNKNOWN_HOST_KEY } from "./evaluation/known-hosts.js";
import type { RenderedMachine } from "./evaluation/render.js";
import type { Inspected } from "./pulumi-internals.js";

/** What is known of a machine that others of its network may want to reach. */
interface Reachable {
  readonly machine: {
    readonly machineName: string;
    /** Names of its peers that it reaches inside tunnels. */
    readonly linkedWith: ReadonlySet<string>;
  };
  /** Undefined while it is not known. */
  readonly privateAddress: string | undefined;
  /** The private network that `privateAddress` belongs to: machines that are not in it use `address`. */
  readonly privateNetwork: string | undefined;
  /** Undefined while it is not known. */
  readonly address: string | undefined;
  /** Inside tunnels, where it is linked; undefined while it is not known. */
  readonly reachedAt: string | undefined;
  /** Undefined while it is not known. */
  readonly hostKey: string | undefined;
}

/** Addresses and host keys of a machine's peers. */
export type Neighbours = Pick<RenderedMachine, "hosts" | "knownHosts">;

/**
 * Those of all machines of `present` but `each` itself; in a preview, some stand for ones that are not known yet.
 * Addresses leave out the peers that it reaches inside tunnels: its links name them.
 */
export function neighboursOf<M extends Reachable>(each: M, present: readonly M[]): Neighbours {
  const linked = each.machine.linkedWith;
  const hosts: Record<string, string> = {};
  const knownHosts: NonNullable<Neighbours["knownHosts"]>[number][] = [];
  for (const [index, peer] of present.entries()) {
    if (peer === each) continue;
    const name = peer.machine.machineName;
    // In a preview, an address of the range for documentation stands for one that is not known yet.
    const inside = peer.privateNetwork === undefined || peer.privateNetwork === each.privateNetwork;
    const address = (inside ? peer.privateAddress : peer.address) ?? `192.0.2.${(index % 254) + 1}`;
    if (!linked.has(name) && isIP(address) !== 0) hosts[name] = address;
    const inTunnel = linked.has(name) && peer.reachedAt !== undefined ? [peer.reachedAt] : [];
    knownHosts.push({
      name,
      addresses: [address, ...inTunnel],
      hostKey: peer.hostKey ?? UNKNOWN_HOST_KEY,
    });
  }
  return { hosts, knownHosts };
}

/** @throws FirnError for what is no host key, before anything is done with it */
export function hostKeyOf(machineName: string, inspected: Inspected | undefined): string | undefined {
  if (typeof inspected?.value !== "string") return undefined;
  try {
    parseHostKey(inspected.value);
  } catch (error) {
    throw new FirnError(`machine "${machineName}", hostKey: ${(error as Error).message}`);
  }
  return inspected.value;
}
