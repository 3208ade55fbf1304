import type { MachineSpec } from "@firn/nixos";

/** Characters that every AWS service takes in tags (docs.aws.amazon.com, "Tag your Amazon EC2 resources"). */
const INVALID = /[^\p{L}\p{N} +\-=._:/@]/gu;

/**
 * Tags that say whose a resource is, and select machines by tag (`firn-tag-public`).
 *
 * @param of a machine's own resource, or what its network shares
 * @param name what the console shows
 */
export function tagsOf(
  machine: MachineSpec,
  of: "machine" | "network",
  name: string,
): Record<string, string> {
  const shared = { Name: name, "firn-network": machine.network, "firn-stack": value(machine.stack) };
  if (of === "network") return shared;
  const tags = machine.tags.map((tag) => [`firn-tag-${value(tag)}`.slice(0, 128), ""]);
  return { ...shared, "firn-machine": machine.name, ...Object.fromEntries(tags) };
}

function value(text: string): string {
  return text.replace(INVALID, "-").slice(0, 256);
}
