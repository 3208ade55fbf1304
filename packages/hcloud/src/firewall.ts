import { isIPv6 } from "node:net";
import type { MachineSpec } from "@firn/nixos";
import { type OpenPorts, openPorts, resourceName, told, transformed } from "@firn/nixos/cloud";
import type { types } from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";
import type { HcloudTransforms } from "./args.js";
import { labelsOf } from "./labels.js";
import { sdk } from "./sdk.js";

type Rule = types.input.FirewallRule;

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/**
 * The firewall of one machine, which opens what its NixOS configuration and its links open; what goes out is free. It is
 * put before the server once that exists, because the firewalls of linked machines name each other's addresses.
 */
export function firewallOf(
  machine: MachineSpec,
  serverId: pulumi.Output<number>,
  transform: HcloudTransforms,
  opts: pulumi.CustomResourceOptions,
): void {
  const { Firewall, FirewallAttachment } = sdk();
  const name = `${machine.network}-${machine.name}`;
  const firewall = new Firewall(
    ...transformed(
      transform.firewall,
      name,
      {
        name: resourceName([machine.network, machine.stack, machine.name]),
        rules: openPorts(machine).apply(rulesFor),
        labels: labelsOf(machine, "machine"),
      },
      opts,
    ),
  );
  const attachment = { firewallId: told(firewall.id).apply(Number), serverIds: [serverId] };
  new FirewallAttachment(...transformed(transform.firewallAttachment, name, attachment, opts));
}

/** Rules of a Hetzner firewall; private networks are not filtered by it. */
export function rulesFor({ tcp, udp, ping, links }: OpenPorts): Rule[] {
  const rule = (protocol: string, port?: string, sourceIps: Rule["sourceIps"] = EVERYWHERE): Rule => ({
    direction: "in",
    protocol,
    ...(port === undefined ? {} : { port }),
    sourceIps,
  });
  const port = ({ from, to }: OpenPorts["tcp"][number]) => (from === to ? String(from) : `${from}-${to}`);
  const network = (address: string) => `${address}/${isIPv6(address) ? 128 : 32}`;
  return [
    ...tcp.map((range) => rule("tcp", port(range))),
    ...udp.map((range) => rule("udp", port(range))),
    ...links.map((link) =>
      rule(
        "udp",
        String(link.port),
        link.from.apply((from) => from?.map(network) ?? EVERYWHERE),
      ),
    ),
    ...(ping ? [rule("icmp")] : []),
  ];
}
