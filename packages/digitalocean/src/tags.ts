import type { MachineSpec } from "@firn/nixos";

/** Tag of all machines of a Firn network in one stack: `firn:shop:prod`. */
export function networkTag(machine: MachineSpec): string {
  return tag(`firn:${machine.network}:${machine.stack}`);
}

/** Tags of a machine's resources: its network and stack, its name, and its own tags as they are. */
export function tagsOf(machine: MachineSpec): string[] {
  return [
    networkTag(machine),
    tag(`firn:${machine.network}:${machine.stack}:${machine.name}`),
    ...machine.tags.map(tag),
  ];
}

/** Tags hold letters, digits, `:`, `-` and `_`, 255 at most (docs.digitalocean.com, "Tags"). */
function tag(text: string): string {
  return text.replace(/[^A-Za-z0-9:_-]/g, "-").slice(0, 255);
}
