import { FirnError } from "../errors.js";

/** A machine, or a host that Firn does not manage, as far as it matters who reaches whom. */
export interface TopologyNode {
  readonly name: string;
  /** Nobody outside of its private network can open a connection to it. */
  readonly behindNat: boolean;
  /** Private network, where it is known without waiting. */
  readonly privateNetwork?: string | undefined;
}

/** Two nodes that shall reach each other through a tunnel. */
export interface Edge {
  readonly a: string;
  readonly b: string;
  /** Firewalls inside the tunnel are open between the two. */
  readonly trusted: boolean;
}

/** What the program asked for. */
export interface TopologyRequest {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly Edge[];
  /** Gateways and their spokes: spokes reach each other through the gateway. */
  readonly hubs: readonly {
    readonly gateway: string;
    readonly spokes: readonly string[];
    readonly trusted: boolean;
  }[];
}

/** One peer of a node. */
export interface Neighbour {
  readonly name: string;
  /** Nodes that are reached through this peer, itself not counted. */
  readonly through: readonly string[];
  readonly trusted: boolean;
  /** Whether this node opens the connection: it knows where the peer is. */
  readonly dials: boolean;
  /** Whether the peer opens the connection. */
  readonly answers: boolean;
}

/** Who is whose peer. */
export interface Topology {
  /** By name of the node. */
  readonly neighbours: ReadonlyMap<string, readonly Neighbour[]>;
  /** Names that each node reaches inside the tunnels. */
  readonly reaches: ReadonlyMap<string, ReadonlySet<string>>;
  /** Nodes that pass on packets between others. */
  readonly forwarding: ReadonlySet<string>;
  /** What a person should know: pairs that go through a hub because neither can be reached. */
  readonly remarks: readonly string[];
}

/**
 * Decides how each pair of nodes meets: directly where one of them can be reached, otherwise through a gateway that
 * both are linked with.
 *
 * @throws {@link FirnError} when two nodes behind NAT have no gateway in common
 */
export function planTopology(request: TopologyRequest): Topology {
  const plan = new Plan(request);
  for (const { gateway, spokes, trusted } of request.hubs)
    for (const spoke of spokes) plan.direct(spoke, gateway, trusted);
  for (const { gateway, spokes } of request.hubs) plan.forward(gateway, spokes);
  for (const { a, b, trusted } of request.edges) plan.meet(a, b, trusted);
  return plan.result();
}

/** A peer while it is planned. */
interface Draft {
  readonly through: Set<string>;
  trusted: boolean;
}

class Plan {
  private readonly nodes: ReadonlyMap<string, TopologyNode>;
  private readonly drafts = new Map<string, Map<string, Draft>>();
  private readonly forwarding = new Set<string>();
  private readonly remarks: string[] = [];

  constructor(private readonly request: TopologyRequest) {
    this.nodes = new Map(request.nodes.map((node) => [node.name, node]));
  }

  /** A pair that was asked for. */
  meet(a: string, b: string, trusted: boolean): void {
    if (this.canMeet(a, b)) {
      this.direct(a, b, trusted);
      return;
    }
    const hub = this.request.hubs.find(
      ({ gateway, spokes }) => gateway === a || gateway === b || (spokes.includes(a) && spokes.includes(b)),
    )?.gateway;
    if (hub === undefined)
      throw new FirnError(
        `"${a}" and "${b}" are both behind NAT, so neither can open a tunnel to the other. ` +
          "Name a machine that both can reach: network.hub(gateway).",
      );
    this.remarks.push(`${a} and ${b} are both behind NAT: what they say to each other goes through ${hub}.`);
  }

  /** Makes two nodes peers. */
  direct(a: string, b: string, trusted: boolean): void {
    if (!this.canMeet(a, b))
      throw new FirnError(
        `"${a}" and "${b}" are both behind NAT, so neither can open a tunnel to the other. A hub must be a machine that others can reach.`,
      );
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const draft = this.draft(from, to);
      draft.trusted ||= trusted;
    }
    // A direct tunnel is better than the way through a hub.
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      for (const draft of this.drafts.get(from)?.values() ?? []) draft.through.delete(to);
  }

  /** Lets spokes reach each other through their gateway, but for those that are peers themselves. */
  forward(gateway: string, spokes: readonly string[]): void {
    if (spokes.length > 1) this.forwarding.add(gateway);
    for (const spoke of spokes)
      for (const other of spokes)
        if (other !== spoke && !this.isRouted(spoke, other)) this.draft(spoke, gateway).through.add(other);
  }

  result(): Topology {
    const neighbours = new Map<string, Neighbour[]>();
    const reaches = new Map<string, Set<string>>();
    for (const [name, peers] of this.drafts) {
      const list = [...peers].map(([peer, draft]) => ({
        name: peer,
        through: [...draft.through].sort(),
        trusted: draft.trusted,
        dials: this.isReachable(peer, name),
        answers: this.isReachable(name, peer),
      }));
      neighbours.set(
        name,
        list.sort((one, other) => (one.name < other.name ? -1 : 1)),
      );
      reaches.set(name, new Set(list.flatMap((each) => [each.name, ...each.through])));
    }
    return { neighbours, reaches, forwarding: this.forwarding, remarks: this.remarks };
  }

  private isRouted(from: string, to: string): boolean {
    const peers = this.drafts.get(from);
    return peers !== undefined && [...peers].some(([name, draft]) => name === to || draft.through.has(to));
  }

  private canMeet(a: string, b: string): boolean {
    return this.isReachable(a, b) || this.isReachable(b, a);
  }

  /** Whether `from` can open a connection to `to`. */
  private isReachable(to: string, from: string): boolean {
    const [target, source] = [this.nodes.get(to), this.nodes.get(from)];
    if (!target?.behindNat) return true;
    return target.privateNetwork !== undefined && target.privateNetwork === source?.privateNetwork;
  }

  private draft(from: string, to: string): Draft {
    let peers = this.drafts.get(from);
    if (!peers) {
      peers = new Map();
      this.drafts.set(from, peers);
    }
    let draft = peers.get(to);
    if (!draft) {
      draft = { through: new Set(), trusted: false };
      peers.set(to, draft);
    }
    return draft;
  }
}
