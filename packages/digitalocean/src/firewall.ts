import type { MachineSpec } from "@firn/nixos";
import { type OpenPorts, openPorts, resourceName, transformed } from "@firn/nixos/cloud";
import type { Firewall, types } from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import type { DigitaloceanTransforms } from "./args.js";
import { sdk } from "./sdk.js";
import { networkTag } from "./tags.js";

type InboundRule = types.input.FirewallInboundRule;

const EVERYWHERE = ["0.0.0.0/0", "::/0"];
const LAST_PORT = 65535;
const ALL_PORTS = `1-${LAST_PORT}`;

/**
 * The firewall of one machine. It opens what the NixOS configuration opens, and everything to the network's other
 * machines, whose traffic over the VPC it filters as well: what they may reach is up to NixOS' own firewall. The port of
 * encrypted links is open to their peers only.
 */
export function firewallOf(
  machine: MachineSpec,
  dropletId: pulumi.Output<number>,
  transform: DigitaloceanTransforms,
  opts: pulumi.CustomResourceOptions,
): Firewall {
  const args = {
    name: resourceName([machine.network, machine.stack, machine.name]),
    dropletIds: [dropletId],
    inboundRules: openPorts(machine).apply((open) => rulesFor(open, networkTag(machine))),
    // Without rules of its own nothing would go out.
    outboundRules: ["tcp", "udp", "icmp"].map((protocol) => ({
      protocol,
      ...(protocol === "icmp" ? {} : { portRange: ALL_PORTS }),
      destinationAddresses: EVERYWHERE,
    })),
  };
  const name = `${machine.network}-${machine.name}`;
  return new (sdk().Firewall)(...transformed(transform.firewall, name, args, opts));
}

/** Rules for what comes in. */
export function rulesFor({ tcp, udp, ping, links }: OpenPorts, networkTag: string): InboundRule[] {
  const open = (protocol: string, { from, to }: OpenPorts["tcp"][number]): InboundRule => ({
    protocol,
    portRange: from === to ? String(from) : `${from}-${to}`,
    sourceAddresses: EVERYWHERE,
  });
  return [
    ...tcp.map((range) => open("tcp", range)),
    ...udp.map((range) => open("udp", range)),
    ...links.map(({ port, from }) => ({
      protocol: "udp",
      portRange: String(port),
      sourceAddresses: from.apply((addresses) => [...(addresses ?? EVERYWHERE)]),
    })),
    ...(ping ? [{ protocol: "icmp", sourceAddresses: EVERYWHERE }] : []),
    { protocol: "tcp", portRange: ALL_PORTS, sourceTags: [networkTag] },
    ...allBut(links.map(({ port }) => port)).map((portRange) => ({
      protocol: "udp",
      portRange,
      sourceTags: [networkTag],
    })),
    { protocol: "icmp", sourceTags: [networkTag] },
  ];
}

/** Ranges of all ports but those of links, which are open to their peers only. */
function allBut(ports: readonly number[]): string[] {
  const ends = [...new Set(ports)].sort((a, b) => a - b);
  return [0, ...ends].flatMap((before, index) => {
    const [from, to] = [before + 1, (ends[index] ?? LAST_PORT + 1) - 1];
    return from > to ? [] : [from === to ? String(from) : `${from}-${to}`];
  });
}
