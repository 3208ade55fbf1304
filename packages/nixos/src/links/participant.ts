import type { Machine } from "../machine.js";
import type { TunnelAddresses } from "./addresses.js";
import type { LinkIdentity } from "./kind.js";
import { Peer } from "./peer.js";
import type { TopologyNode } from "./topology.js";

/** A machine or a peer that takes part. */
export interface Participant {
  readonly node: Machine | Peer;
  readonly addresses: TunnelAddresses;
  readonly identity: LinkIdentity | undefined;
}

/** The name by which others know it. */
export function nameOf(node: Machine | Peer): string {
  return node instanceof Peer ? node.name : node.machineName;
}

/** Who can open connections to it. */
export function reachability(node: Machine | Peer): Omit<TopologyNode, "name"> {
  if (node instanceof Peer) return { behindNat: node.args.endpoint === undefined };
  const { behindNat = false, privateNetwork } = node.host;
  return { behindNat, privateNetwork: typeof privateNetwork === "string" ? privateNetwork : undefined };
}
