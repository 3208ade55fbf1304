import { join } from "node:path";
import { cgroupPath, removeCgroup, subgroups, topCgroups } from "./cgroup.js";
import { COMPUTER_LOCK, withLock } from "./lock.js";
import { isRunning, removeMachine, removeSite } from "./machine.js";
import { deleteInterface, deleteNetns, listInterfaces, listNetns } from "./network.js";
import { listIds, placesOf } from "./record.js";
import { knownSites, type Site, siteOf } from "./site.js";

/** Something of ours that is on this computer. */
export interface Leftover {
  /** For people: `machine shop-dev-shop-web-1a2b3c, running, in /var/lib/firn/containers`. */
  readonly what: string;
  remove(): Promise<void>;
}

/**
 * Finds all machines, running or not, and all parts of machines that no longer exist; removing them in order leaves
 * nothing. With `$FIRN_CONTAINER_STATE` it looks at that state directory alone; without, at the default one and all others
 * that were used since this computer started.
 */
export async function findLeftovers(): Promise<Leftover[]> {
  const own = siteOf();
  const alone = Boolean(process.env.FIRN_CONTAINER_STATE);
  const known = await knownSites();
  const sites = alone ? [own] : [own, ...known.filter((site) => site.tag !== own.tag)];
  // Parts first: they are made after the directory of the machine that they belong to.
  const parts = await findParts(alone ? own.tag : "[0-9a-f]{6}");
  const owned = new Set<string>();
  const machines: Leftover[] = [];
  const empty: Leftover[] = [];
  for (const site of sites) {
    const ids = await listIds(site);
    machines.push(...(await Promise.all(ids.map((id) => machine(site, id)))));
    for (const { netns, veth, cgroup } of ids.map((id) => placesOf(site, id)))
      owned.add(netns).add(veth).add(cgroup);
    if (ids.length > 0 || known.some(({ tag }) => tag === site.tag)) owned.add(site.bridge).add(site.cgroup);
    if (ids.length === 0 && known.some(({ tag }) => tag === site.tag)) empty.push(emptySite(site));
  }
  return [...machines, ...parts.filter((part) => !owned.has(part.name)), ...empty];
}

async function machine(site: Site, id: string): Promise<Leftover> {
  const state = (await isRunning(site, id)) ? "running" : "stopped";
  return { what: `machine ${id}, ${state}, in ${site.directory}`, remove: () => removeMachine(site, id) };
}

function emptySite(site: Site): Leftover {
  return {
    what: `state directory ${site.directory} without machines`,
    remove: () =>
      withLock(COMPUTER_LOCK, async () => {
        if ((await listIds(site)).length === 0) await removeSite(site);
      }),
  };
}

interface Part extends Leftover {
  readonly name: string;
}

/** Everything outside of state directories that carries our names; `tag` is a pattern. */
async function findParts(tag: string): Promise<Part[]> {
  const matching = (names: readonly string[], pattern: string) =>
    names.filter((name) => new RegExp(`^${pattern}$`).test(name));
  const interfaces = await listInterfaces();
  const siteCgroups = await topCgroups(new RegExp(`^firn-${tag}$`));
  const cgroups = (await Promise.all(siteCgroups.map(cgroupsBelow))).flat();
  return [
    ...[...cgroups, ...siteCgroups].map((name) => ({
      name,
      what: `cgroup ${name}`,
      remove: () => removeCgroup(name),
    })),
    ...matching(interfaces, `fv${tag}[0-9a-f]{6}`).map((name) => ({
      name,
      what: `interface ${name}`,
      remove: () => deleteInterface(name),
    })),
    ...matching(await listNetns(), `firn-${tag}-[0-9a-f]{6}`).map((name) => ({
      name,
      what: `network namespace ${name}`,
      remove: () => deleteNetns(name),
    })),
    ...matching(interfaces, `firn-${tag}`).map((name) => ({
      name,
      what: `bridge ${name}`,
      remove: () => deleteInterface(name),
    })),
  ];
}

/** Names of a site's containers' cgroups. */
async function cgroupsBelow(siteCgroup: string): Promise<string[]> {
  const path = await cgroupPath(siteCgroup);
  return (await subgroups(path)).map((child) => join(siteCgroup, child.slice(path.length + 1)));
}
