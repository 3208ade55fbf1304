import * as pulumi from "@pulumi/pulumi";
import type { Resolved } from "./evaluation/resolve.js";
import type { Machine } from "./machine.js";

interface Configured {
  readonly machine: Machine;
  readonly config: Pick<Resolved, "resources">;
  readonly modules: Pick<Resolved, "resources">;
  /** The jump host that it is reached through. */
  readonly via: { readonly resources: Iterable<pulumi.Resource> } | undefined;
}

/**
 * Which resources each machine's System comes after: what `dependsOn` names, what its configuration's values come
 * from, and the Systems of machines whose outputs it uses or that it is reached through. Machines that use each
 * other's outputs in a circle are not ordered among themselves, but what leads to a machine always comes before it.
 */
export async function deploymentOrder(
  all: readonly Configured[],
  dependsOn: ReadonlyMap<Machine, pulumi.ComponentResourceOptions["dependsOn"]>,
): Promise<Map<Machine, pulumi.Resource[]>> {
  const machines = all.map((each) => each.machine);
  const resources = new Map<Machine, pulumi.Resource[]>();
  const uses = new Map<Machine, Set<Machine>>();
  const vias = new Map<Machine, Set<Machine>>();
  for (const { machine, config, modules, via } of all) {
    const leads = [...(via?.resources ?? [])];
    const explicit = await resourcesOf(dependsOn.get(machine));
    const used = [...config.resources, ...modules.resources, ...explicit, ...leads];
    const owners = (resources: readonly pulumi.Resource[]) =>
      new Set(
        resources.map((resource) => ownerOf(resource, machines)).filter((peer) => isOther(peer, machine)),
      );
    uses.set(machine, owners(used));
    vias.set(machine, owners(leads));
    const elsewhere = leads.map(machineOf).filter((peer) => peer && !machines.includes(peer));
    resources.set(machine, [
      ...used.filter(
        (resource) =>
          !pulumi.ComponentResource.isInstance(resource) ||
          !(machines as pulumi.Resource[]).includes(resource),
      ),
      ...elsewhere.map((peer) => (peer as Machine).system),
    ]);
  }
  const order = new Map<Machine, pulumi.Resource[]>();
  for (const machine of machines) {
    const before = [...(uses.get(machine) ?? [])].filter(
      (peer) => !reaches(peer, machine, uses) || vias.get(machine)?.has(peer),
    );
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

/** The machine in whose component a resource lies, if it is one of `machines`. */
function ownerOf(resource: pulumi.Resource, machines: readonly Machine[]): Machine | undefined {
  const owner = machineOf(resource);
  return owner && machines.includes(owner) ? owner : undefined;
}

/** The machine in whose component a resource lies, of whatever network. */
function machineOf(resource: pulumi.Resource): Machine | undefined {
  let current = resource as unknown as Ancestor | undefined;
  while (current && current.__pulumiType !== "firn:nixos:Machine") current = current.__parentResource;
  return current as Machine | undefined;
}

/** Members of resources that Pulumi leaves out of its declarations. */
interface Ancestor {
  readonly __pulumiType: string;
  readonly __parentResource?: Ancestor;
}

function isOther(peer: Machine | undefined, machine: Machine): peer is Machine {
  return peer !== undefined && peer !== machine;
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
