import type { MachineSpec } from "@firn/nixos";
import { resourceName } from "@firn/nixos/cloud";

/**
 * Labels that say whose a resource is, and select machines by tag (`firn-tag-public`).
 *
 * @param of a machine's own resource, or what its network shares
 */
export function labelsOf(machine: MachineSpec, of: "machine" | "network"): Record<string, string> {
  const shared = { "firn-network": text(machine.network), "firn-stack": text(machine.stack) };
  if (of === "network") return shared;
  const tags = machine.tags.map((tag) => [text(`firn-tag-${tag}`), ""]);
  return { ...shared, "firn-machine": text(machine.name), ...Object.fromEntries(tags) };
}

/** Keys and values have lowercase letters, digits, `_` and `-`, 63 at most (cloud.google.com/compute/docs/labeling-resources). */
function text(value: string): string {
  return value
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "-")
    .slice(0, 63);
}

/** Network tag of all machines of a Firn network in one stack, by which they let each other in. */
export function networkTag(machine: MachineSpec): string {
  return resourceName([machine.network, machine.stack]);
}

/** Network tag of one machine, by which its firewall finds it. */
export function machineTag(machine: MachineSpec): string {
  return resourceName([machine.network, machine.stack, machine.name]);
}
