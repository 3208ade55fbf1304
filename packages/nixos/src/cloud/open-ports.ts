import type * as pulumi from "@pulumi/pulumi";
import type { LinkOpening, MachineSpec } from "../target.js";

/** Ports from the first to the last, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** What a machine's NixOS firewall lets in from everywhere, and what its links need. */
export interface OpenPorts {
  /** Ascending, without overlaps. */
  readonly tcp: readonly PortRange[];
  readonly udp: readonly PortRange[];
  readonly ping: boolean;
  /** UDP ports of encrypted links, and who may reach them. */
  readonly links: readonly LinkOpening[];
}

/** The options of `networking.firewall` that say so; sshd and other services of NixOS add their ports to them. */
const OPTIONS = [
  "allowedTCPPorts",
  "allowedTCPPortRanges",
  "allowedUDPPorts",
  "allowedUDPPortRanges",
  "allowPing",
] as const;

interface FirewallOptions {
  readonly allowedTCPPorts: readonly number[];
  readonly allowedTCPPortRanges: readonly PortRange[];
  readonly allowedUDPPorts: readonly number[];
  readonly allowedUDPPortRanges: readonly PortRange[];
  readonly allowPing: boolean;
}

/**
 * What a cloud's firewall must let through for a machine: what its own configuration opens, and its encrypted links.
 * Ports that are open on single interfaces only are left out.
 *
 * The addresses of linked peers are among it, as outputs of their own: a server that is made after its firewall would
 * wait for itself, and a preview shows the port before it knows the address.
 *
 * @throws (as the output's error) where the ports depend on what is only known after provisioning
 */
export function openPorts(machine: MachineSpec): pulumi.Output<OpenPorts> {
  return machine.option<FirewallOptions>("networking.firewall", OPTIONS).apply((firewall) =>
    // Not pulumi.all(), which would wait for the addresses, too.
    machine.linkOpenings().apply((links) => ({
      tcp: joined(firewall.allowedTCPPorts, firewall.allowedTCPPortRanges),
      udp: joined(firewall.allowedUDPPorts, firewall.allowedUDPPortRanges),
      ping: firewall.allowPing,
      links,
    })),
  );
}

/** Clouds bill and limit rules by their number. */
function joined(ports: readonly number[], ranges: readonly PortRange[]): PortRange[] {
  const all = [...ports.map((port) => ({ from: port, to: port })), ...ranges].sort((a, b) => a.from - b.from);
  const result: PortRange[] = [];
  for (const range of all) {
    const last = result.at(-1);
    if (last && range.from <= last.to + 1)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else result.push(range);
  }
  return result;
}
