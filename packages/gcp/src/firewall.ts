import type { MachineSpec } from "@firn/nixos";
import { type OpenPorts, openPorts, resourceName, transformed } from "@firn/nixos/cloud";
import type { FirewallArgs } from "@pulumi/gcp/compute/firewall.js";
import type * as pulumi from "@pulumi/pulumi";
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
 * The rules of one machine, which open what its NixOS configuration and its links open. There are two, because a rule
 * has IPv4 sources or IPv6 sources (cloud.google.com/firewall/docs/firewalls, "Sources").
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
  if (!ipv6) return;
  const ipv6Rule = rule(
    open.apply((ports) => allowsFor(ports, ICMPV6)),
    "::/0",
  );
  new Firewall(...transformed(firewall, `${name}-ipv6`, ipv6Rule, opts));
}

/** Its number, which is how a rule names it. */
const ICMPV6 = "58";

/**
 * What a machine lets in. A rule has one list of sources for all of its ports, so the ports of encrypted links are open to
 * everybody here: NixOS' own firewall knows who may reach them, and WireGuard answers nobody else.
 */
export function allowsFor({ tcp, udp, ping, links }: OpenPorts, icmp: string): Allow[] {
  const port = ({ from, to }: OpenPorts["tcp"][number]) => (from === to ? String(from) : `${from}-${to}`);
  const udpPorts = [...new Set([...udp.map(port), ...links.map((link) => String(link.port))])];
  return [
    ...(tcp.length > 0 ? [{ protocol: "tcp", ports: tcp.map(port) }] : []),
    ...(udpPorts.length > 0 ? [{ protocol: "udp", ports: udpPorts }] : []),
    ...(ping ? [{ protocol: icmp }] : []),
  ];
}
