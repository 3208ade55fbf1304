import type { MachineSpec } from "@firn/nixos";

/** Characters of a label's value: the same as Kubernetes' (docs.hetzner.cloud, "Labels"). */
const INVALID = /[^A-Za-z0-9_.-]/g;

/**
 * Labels that say whose a resource is, and select machines by tag (`firn-tag-public`).
 *
 * @param of a machine's own resource, or what its network shares
 */
export function labelsOf(machine: MachineSpec, of: "machine" | "network"): Record<string, string> {
  const shared = { "firn-network": machine.network, "firn-stack": value(machine.stack) };
  if (of === "network") return shared;
  const tags = machine.tags.map((tag) => [`firn-tag-${value(tag)}`.slice(0, 63), ""]);
  return { ...shared, "firn-machine": machine.name, ...Object.fromEntries(tags) };
}

function value(text: string): string {
  return text
    .replace(INVALID, "-")
    .slice(0, 63)
    .replace(/^[_.-]+|[_.-]+$/g, "");
}
