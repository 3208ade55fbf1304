import * as pulumi from "@pulumi/pulumi";
import type { Resolved } from "./evaluation/resolve.js";
import type { Machine } from "./machine.js";

interface Configured {
  readonly machine: Machine;
  readonly config: Pick<Resolved, "resources">;
  readonly modules: Pick<Resolved, "resources">;
}

/**
 * Which resources each machine's System comes after: what `dependsOn` names, what its configuration's values come
 * from, and the Systems of machines whose outputs it uses. Machines that use each other's outputs in a circle are
 * not ordered among themselves.
 */
export async function deploymentOrder(
  all: readonly Configured[],
  dependsOn: ReadonlyMap<Machine, pulumi.ComponentResourceOptions["dependsOn"]>,
): Promise<Map<Machine, pulumi.Resource[]>> {
  const machines = all.map((each) => each.machine);
  const resources = new Map<Machine, pulumi.Resource[]>();
  const uses = new Map<Machine, Set<Machine>>();
  for (const { machine, config, modules } of all) {
    const explicit = await resourcesOf(dependsOn.get(machine));
    const used = [...config.resources, ...modules.resources, ...explicit];
    const peers = used.map((resource) => ownerOf(resource, machines)).filter((peer) => peer !== undefined);
    uses.set(machine, new Set(peers.filter((peer) => peer !== machine)));
    resources.set(
      machine,
      used.filter(
        (resource) =>
          !pulumi.ComponentResource.isInstance(resource) ||
          !(machines as pulumi.Resource[]).includes(resource),
      ),
    );
  }
  const order = new Map<Machine, pulumi.Resource[]>();
  for (const machine of machines) {
    const before = [...(uses.get(machine) ?? [])].filter((peer) => !reaches(peer, machine, uses));
    const own = (resources.get(machine) ?? []).filter((resource) => ownerOf(resource, machines) !== machine);
    order.set(machine, [...own, ...before.map((peer) => peer.system)]);
  }
  return order;
}

async function resourcesOf(
  dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
): Promise<pulumi.Resource[]> {
  if (dependsOn === undefined) return [];
  const resolved = await new Promise<unknown>((resolve) => {
    pulumi.Resource.isInstance(dependsOn) ? resolve(dependsOn) : Promise.resolve(dependsOn).then(resolve);
  });
  const list = Array.isArray(resolved) ? await Promise.all(resolved) : [resolved];
  return list.filter((each): each is pulumi.Resource => pulumi.Resource.isInstance(each));
}

/** The machine in whose component a resource lies. */
function ownerOf(resource: pulumi.Resource, machines: readonly Machine[]): Machine | undefined {
  let current: pulumi.Resource | undefined = resource;
  while (current) {
    const found = machines.find((machine) => machine === current);
    if (found) return found;
    current = (current as unknown as { __parentResource?: pulumi.Resource }).__parentResource;
  }
  return undefined;
}

function reaches(from: Machine, to: Machine, uses: ReadonlyMap<Machine, ReadonlySet<Machine>>): boolean {
  const seen = new Set<Machine>();
  const queue = [from];
  for (let machine = queue.pop(); machine; machine = queue.pop()) {
    if (machine === to) return true;
    if (seen.has(machine)) continue;
    seen.add(machine);
    queue.push(...(uses.get(machine) ?? []));
  }
  return false;
}
