import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import type { Machine } from "../machine.js";
import {
  checkCollisions,
  DEFAULT_RANGE,
  type Ipv4Range,
  isInRange,
  parseIpv4Range,
  tunnelAddresses,
} from "./addresses.js";
import type { GroupOptions, LinkOptions, LinksArgs } from "./args.js";
import { type AllFacts, peerClientConfig, rotates } from "./assemble.js";
import { endpointText } from "./end.js";
import { factsOf } from "./facts.js";
import type { LinkKind } from "./kind.js";
import { MachineLinks } from "./machine-links.js";
import { nameOf, type Participant, reachability } from "./participant.js";
import { Peer, type PeerDescription, setClientConfig } from "./peer.js";
import { LinkRekey } from "./rekey.js";
import { planTopology, type Topology } from "./topology.js";
import { wireguard } from "./wireguard.js";

interface Group extends GroupOptions {
  readonly gateway: Machine | undefined;
}

/** The links of one network: gathers what the program asks for, and plans it when all machines are declared. */
export class Links {
  /** @internal */
  readonly kind: LinkKind;
  /** @internal */
  readonly port: number;
  /** @internal */
  readonly interface: string;
  private readonly range: Ipv4Range;
  private readonly participants = new Map<string, Participant>();
  private readonly edges: { a: string; b: string; trusted: boolean }[] = [];
  private readonly groups: Group[] = [];
  private planned: Topology | undefined;
  private readonly known = new Map<boolean, Promise<AllFacts>>();

  /** What makes the network one of its kind: project, stack and name. */
  private readonly seed: readonly string[];

  constructor(
    private readonly network: pulumi.Resource,
    /** @internal */
    readonly networkName: string,
    args: LinksArgs = {},
  ) {
    this.seed = [pulumi.getProject(), pulumi.getStack(), networkName];
    this.kind = args.kind ?? wireguard();
    this.port = args.port ?? 51820;
    this.interface = args.interface ?? "firn0";
    this.range = parseIpv4Range(args.range ?? DEFAULT_RANGE);
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,14}$/.test(this.interface))
      throw new FirnError(
        `links.interface: ${JSON.stringify(this.interface)} is no name of an interface: a letter, then letters, digits, "_" and "-", 15 in all.`,
      );
  }

  link(a: Machine | Peer, b: Machine | Peer, { trusted = false }: LinkOptions = {}): void {
    if (nameOf(a) === nameOf(b)) throw new FirnError(`"${nameOf(a)}" cannot be linked with itself.`);
    if (a instanceof Peer && b instanceof Peer)
      throw new FirnError(
        `"${a.name}" and "${b.name}" are both peers: Firn manages neither. One end of a link is a machine.`,
      );
    this.edges.push({ a: this.takeIn(a), b: this.takeIn(b), trusted });
  }

  group(group: Group, machines: Iterable<Machine>): void {
    this.groups.push(group);
    if (group.gateway) this.takeIn(group.gateway);
    for (const machine of machines) this.join(machine, group);
  }

  /** Gives a machine keys and addresses, also where it is linked with nothing in this program. */
  takePart(machine: Machine): void {
    this.takeIn(machine);
  }

  /** Takes a machine into the meshes and hubs that were declared before it. */
  added(machine: Machine): void {
    for (const group of this.groups) this.join(machine, group);
  }

  /** What a machine of this network has to do with links; undefined when it is not linked. */
  of(machine: Machine): MachineLinks | undefined {
    const participant = this.participants.get(machine.machineName);
    return participant?.node === machine ? new MachineLinks(this, participant, machine) : undefined;
  }

  /** Plans all links; call it when all machines are declared. */
  plan(): Topology {
    this.planned ??= this.makePlan();
    return this.planned;
  }

  /** @internal */
  participant(name: string): Participant {
    return this.participants.get(name) as Participant;
  }

  private join(machine: Machine, group: Group): void {
    if (group.tag === undefined || machine.tags.includes(group.tag)) this.takeIn(machine);
  }

  private takeIn(node: Machine | Peer): string {
    const name = nameOf(node);
    const other = this.participants.get(name);
    if (other && other.node !== node)
      throw new FirnError(`Two linked hosts are called "${name}". Give one of them another name.`);
    if (!other)
      this.participants.set(name, node instanceof Peer ? this.takePeer(node) : this.takeMachine(node));
    return name;
  }

  private takeMachine(machine: Machine): Participant {
    const { address, keyRotation = 0 } = machine.args.link ?? {};
    const planned = tunnelAddresses(this.seed, machine.machineName, this.range);
    const identity = this.kind.identity(`${machine.resourceName}-link`, keyRotation, { parent: machine });
    if (rotates(machine))
      new LinkRekey(this.network, machine, identity.publicKey, this.systemsLinkedWith(machine));
    return { node: machine, addresses: { ...planned, ipv4: address ?? planned.ipv4 }, identity };
  }

  private async systemsLinkedWith(machine: Machine): Promise<pulumi.Resource[]> {
    await machine.allDeclared();
    const neighbours = this.plan().neighbours.get(machine.machineName) ?? [];
    return neighbours.flatMap(({ name }) => {
      const { node } = this.participant(name);
      return node instanceof Peer ? [] : [node.system];
    });
  }

  private takePeer(node: Peer): Participant {
    const addresses = tunnelAddresses(this.seed, node.name, this.range);
    const identity =
      node.args.publicKey === undefined
        ? this.kind.identity(`${this.networkName}-${node.name}-link`, node.args.keyRotation ?? 0, {
            parent: this.network,
          })
        : undefined;
    const participant = { node, addresses, identity };
    if (identity)
      // What it needs to know is planned when the whole program is read.
      setClientConfig(node, pulumi.secret(peerClientConfig(this, node.name, identity)));
    return participant;
  }

  private makePlan(): Topology {
    const planned = [...this.participants].filter(
      ([, { node }]) => !(node instanceof Peer && node.args.addresses !== undefined),
    );
    checkCollisions(new Map(planned.map(([name, { addresses }]) => [name, addresses])));
    const machines = [...this.participants.values()].flatMap(({ node }) =>
      node instanceof Peer ? [] : [node],
    );
    const members = (group: Group) =>
      machines.filter((each) => group.tag === undefined || each.tags.includes(group.tag));
    const meshes = this.groups.filter((group) => group.gateway === undefined);
    return planTopology({
      nodes: [...this.participants].map(([name, { node }]) => ({ name, ...reachability(node) })),
      edges: [...this.edges, ...meshes.flatMap((group) => allPairs(members(group), group.trusted))],
      hubs: this.groups.flatMap(({ gateway, ...group }) =>
        gateway === undefined
          ? []
          : [
              {
                gateway: gateway.machineName,
                spokes: members({ ...group, gateway })
                  .filter((each) => each !== gateway)
                  .map((each) => each.machineName),
                trusted: group.trusted ?? false,
              },
            ],
      ),
    });
  }

  /** @throws {@link FirnError} when a machine's own address lies in the tunnels' range */
  checkOwnAddress(machine: string, address: string | undefined): void {
    if (address !== undefined && this.participants.has(machine) && isInRange(address, this.range))
      throw new FirnError(
        `"${machine}" has the address ${address}, which lies in the range of the addresses inside the tunnels, ${this.range.text}. ` +
          'Give the network another range: links: { range: "10.44.0.0/16" }.',
      );
  }

  /**
   * @internal What is known of all participants.
   *
   * @param early leaves out what waits for a resource
   */
  facts(early: boolean): Promise<AllFacts> {
    const kept = this.known.get(early);
    if (kept) return kept;
    const facts = Promise.all(
      [...this.participants].map(async ([name, each]) => [name, await factsOf(each, early)] as const),
    ).then((entries) => new Map(entries));
    this.known.set(early, facts);
    return facts;
  }

  /** What another stack's program needs to know of a machine. */
  describe(machine: Machine): pulumi.Output<PeerDescription> {
    const { addresses, identity } = this.participant(machine.machineName);
    const { ipv4, ipv6 } = addresses;
    const { behindNat = false, address } = machine.host;
    return pulumi.all([identity?.publicKey ?? "", address]).apply(([publicKey, at]) => ({
      publicKey,
      addresses: [`${ipv4}/32`, `${ipv6}/128`],
      ...(behindNat ? {} : { endpoint: endpointText(at, this.port) }),
    }));
  }

  /** @internal For the assertion in a machine's module. */
  get addressRange(): Ipv4Range {
    return this.range;
  }
}

function allPairs(machines: readonly Machine[], trusted = false) {
  return machines.flatMap((one, index) =>
    machines.slice(index + 1).map((other) => ({ a: one.machineName, b: other.machineName, trusted })),
  );
}
