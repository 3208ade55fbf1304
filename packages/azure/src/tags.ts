import type { MachineSpec } from "@firn/nixos";

/**
 * Tags that say whose a resource is, and select machines by tag (`firn-tag-public`).
 *
 * @param of a machine's own resource, or what its network shares
 */
export function tagsOf(machine: MachineSpec, of: "machine" | "network"): Record<string, string> {
  const shared = { "firn-network": machine.network, "firn-stack": machine.stack.slice(0, 256) };
  if (of === "network") return shared;
  const tags = machine.tags.map((tag) => [key(`firn-tag-${tag}`), ""]);
  return { ...shared, "firn-machine": machine.name, ...Object.fromEntries(tags) };
}

/** A name may not have these (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources). */
function key(text: string): string {
  return text.replace(/[<>%&\\?/]/g, "-").slice(0, 512);
}
