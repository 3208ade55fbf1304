import { join } from "node:path";
import { isBridgeOf } from "./addresses.js";
import { cgroupPath, removeCgroup, subgroups, topCgroups } from "./cgroup.js";
import { COMPUTER_LOCK, withLock } from "./lock.js";
import { isRunning, removeMachine, removeSite } from "./machine.js";
import { isBeingMade } from "./making.js";
import { deleteInterface, deleteNetns, listInterfaces, listNetns } from "./network.js";
import { listIds, placesOf, readRecord } from "./record.js";
import { knownSites, type Site, siteOf } from "./site.js";

/** Something of ours that is on this computer. */
export interface Leftover {
  /** `machine`: whole, so it may be somebody's; `wreck`: what a crash left, of use to nobody. */
  readonly kind: "machine" | "wreck";
  /** For people: `machine shop-dev-shop-web-1a2b3c, running, in /var/lib/firn/containers`. */
  readonly what: string;
  remove(): Promise<void>;
}

/**
 * Finds all machines and all wrecks; removing them in order leaves nothing. With `$FIRN_CONTAINER_STATE` it looks at that
 * state directory alone; without, at the default one and all others that were used since this computer started.
 */
export function findLeftovers(): Promise<Leftover[]> {
  // What is being made right now is whole again by the time that the lock is free.
  return withLock(COMPUTER_LOCK, async () => {
    const own = siteOf();
    const alone = Boolean(process.env.FIRN_CONTAINER_STATE);
    const known = await knownSites();
    const sites = alone ? [own] : [own, ...known.filter((site) => site.tag !== own.tag)];
    const owned = new Set<string>();
    const found: Leftover[] = [];
    for (const site of sites) {
      const ids = await listIds(site);
      for (const id of ids) found.push(await machine(site, id));
      for (const { netns, veth, cgroup } of ids.map((id) => placesOf(site, id)))
        owned.add(netns).add(veth).add(cgroup);
      const isKnown = known.some(({ tag }) => tag === site.tag);
      if (ids.length > 0 || isKnown) {
        owned.add(site.cgroup);
        for (const name of await listInterfaces()) if (isBridgeOf(site, name)) owned.add(name);
      }
      if (ids.length === 0 && isKnown) found.push(emptySite(site));
    }
    const parts = await findParts(alone ? own.tag : "[0-9a-f]{6}");
    // Before the empty state directories, whose bridges and cgroups they are in.
    return [...parts.filter((part) => !owned.has(part.name)), ...found];
  });
}

async function machine(site: Site, id: string): Promise<Leftover> {
  const state = isRunning(site, id) ? "running" : "stopped";
  const abandoned = (await isBeingMade(placesOf(site, id)))?.goesOn === false;
  const whole = !abandoned && (await readRecord(site, id)) !== undefined;
  return {
    kind: whole ? "machine" : "wreck",
    what: `${whole ? "" : "half a "}machine ${id}, ${state}, in ${site.directory}`,
    remove: () => removeMachine(site, id),
  };
}

function emptySite(site: Site): Leftover {
  return {
    kind: "wreck",
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
  const siteCgroups = topCgroups(new RegExp(`^firn-${tag}$`));
  const cgroups = siteCgroups.flatMap((site) => subgroups(cgroupPath(site)).map((name) => join(site, name)));
  const part = (what: string, remove: (name: string) => Promise<void>) => (name: string) => ({
    kind: "wreck" as const,
    name,
    what: `${what} ${name}`,
    remove: () => remove(name),
  });
  return [
    ...[...cgroups, ...siteCgroups].map(part("cgroup", removeCgroup)),
    ...matching(interfaces, `fv${tag}[0-9a-f]{6}`).map(part("interface", deleteInterface)),
    ...matching(await listNetns(), `firn-${tag}-[0-9a-f]{6}`).map(part("network namespace", deleteNetns)),
    ...matching(interfaces, `firn-${tag}(-[0-9a-f]{3})?`).map(part("bridge", deleteInterface)),
  ];
}
