import { isIPv6 } from "node:net";
import type { LinkOpening, MachineSpec } from "@firn/nixos";
import { type OpenPorts, openPorts, resourceName, transformed } from "@firn/nixos/cloud";
import type { FirewallArgs } from "@pulumi/gcp/compute/firewall.js";
import * as pulumi from "@pulumi/pulumi";
import type { GcpArgs } from "./args.js";
import { machineTag } from "./labels.js";
import { sdk } from "./sdk.js";
import { projectOf } from "./shared.js";

/** What a rule lets in, as the SDK's `FirewallAllow`. */
interface Allow {
  readonly protocol: string;
  readonly ports?: string[];
}

/**
 * The rules of one machine, which open what its NixOS configuration and its links open: one for each IP version, because
 * a rule has IPv4 sources or IPv6 sources (cloud.google.com/firewall/docs/firewalls, "Sources"), and one for links.
 */
export function firewallOf(
  machine: MachineSpec,
  args: GcpArgs,
  network: pulumi.Input<string>,
  ipv6: boolean,
  opts: pulumi.CustomResourceOptions,
): void {
  const { Firewall } = sdk();
  const open = openPorts(machine);
  const name = `${machine.network}-${machine.name}`;
  const parts = [machine.network, machine.stack, machine.name];
  const rule = (allows: pulumi.Output<Allow[]>, source: string): FirewallArgs => ({
    ...projectOf(args),
    name: resourceName(source === "::/0" ? ["ipv6", ...parts] : parts),
    network,
    // A rule must say something; where nothing is open, it says so.
    allows: allows.apply((list) => (list.length > 0 ? list : undefined)) as pulumi.Output<Allow[]>,
    denies: allows.apply((list) => (list.length > 0 ? undefined : [{ protocol: "all" }])) as pulumi.Output<
      Allow[]
    >,
    sourceRanges: [source],
    targetTags: [machineTag(machine)],
  });
  const { firewall } = args.transform ?? {};
  const ipv4Rule = rule(
    open.apply((ports) => allowsFor(ports, "icmp")),
    "0.0.0.0/0",
  );
  new Firewall(...transformed(firewall, name, ipv4Rule, opts));
  // Known in every preview, as soon as all machines are declared; only the peers' addresses come later.
  machine.linkOpenings().apply((links) => {
    if (links.length === 0) return;
    const linkRule: FirewallArgs = {
      ...projectOf(args),
      name: resourceName(["links", ...parts]),
      network,
      // Among rules of the same priority (1000 by default) one that denies wins.
      priority: 900,
      allows: [{ protocol: "udp", ports: [...new Set(links.map(({ port }) => String(port)))] }],
      sourceRanges: sourcesOf(links),
      targetTags: [machineTag(machine)],
    };
    new Firewall(...transformed(firewall, `${name}-links`, linkRule, opts));
  });
  if (!ipv6) return;
  const ipv6Rule = rule(
    open.apply((ports) => allowsFor(ports, ICMPV6)),
    "::/0",
  );
  new Firewall(...transformed(firewall, `${name}-ipv6`, ipv6Rule, opts));
}

/** Its number, which is how a rule names it. */
const ICMPV6 = "58";

/** What a machine lets in from everywhere. */
export function allowsFor({ tcp, udp, ping }: OpenPorts, icmp: string): Allow[] {
  const port = ({ from, to }: OpenPorts["tcp"][number]) => (from === to ? String(from) : `${from}-${to}`);
  return [
    ...(tcp.length > 0 ? [{ protocol: "tcp", ports: tcp.map(port) }] : []),
    ...(udp.length > 0 ? [{ protocol: "udp", ports: udp.map(port) }] : []),
    ...(ping ? [{ protocol: icmp }] : []),
  ];
}

/** The linked peers that come by IPv4, which is how links reach a machine; a rule must name somebody. */
function sourcesOf(links: readonly LinkOpening[]): pulumi.Output<string[]> {
  return pulumi.all(links.map(({ from }) => from)).apply((peers) => {
    if (peers.includes(undefined)) return ["0.0.0.0/0"];
    const sources = peers.flatMap((from) => from?.filter((address) => !isIPv6(address)) ?? []);
    return sources.length > 0
      ? [...new Set(sources)].sort().map((address) => `${address}/32`)
      : ["255.255.255.255/32"];
  });
}
