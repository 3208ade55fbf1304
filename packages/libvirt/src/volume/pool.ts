import { setTimeout as sleep } from "node:timers/promises";
import { LibvirtError } from "../errors.js";
import { type Virsh, VirshError } from "../virsh/virsh.js";
import { find, textOf } from "../xml/element.js";
import { readXml } from "../xml/read.js";

/** Kinds of pools whose volumes are files, which is what machines' disks are (libvirt.org/storage.html). */
const OF_FILES = ["dir", "fs", "netfs"];

/** A storage pool that can hold machines' disks. */
export interface Pool {
  readonly name: string;
  /** Directory of its files on the host. */
  readonly path: string;
}

/**
 * Looks at a storage pool. Firn makes none.
 *
 * @throws LibvirtError where it is missing, not started, or not made of files, with what to do
 */
export async function poolOf(virsh: Virsh, name: string): Promise<Pool> {
  const pool = readXml(await virsh.run(["pool-dumpxml", name]));
  const type = pool.attributes.type ?? "";
  const path = textOf(find(pool, "target", "path"));
  if (!OF_FILES.includes(type) || path === "")
    throw new LibvirtError(
      `The storage pool ${name} at ${virsh.uri} is of the type ${type}, and machines' disks are files: name a pool of the type ${OF_FILES.join(", ")}, libvirt({ pool: … }).`,
    );
  // Lists nothing, but says why it cannot where the pool is not started.
  await virsh.run(["vol-list", name]);
  return { name, path };
}

/** A pool is not looked at anew while somebody sends a volume to it; that may take a while. */
const REFRESH_TRIES = 60;

/**
 * Has libvirt look at a pool anew, for files that it did not make itself.
 *
 * @returns whether the pool is there
 */
export async function refreshPool(virsh: Virsh, name: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return (await virsh.ask(["pool-refresh", name])) !== undefined;
    } catch (error) {
      const isBusy = error instanceof VirshError && /asynchronous jobs/.test(error.said);
      if (!isBusy || attempt === REFRESH_TRIES) throw error;
      await sleep(1000);
    }
}
