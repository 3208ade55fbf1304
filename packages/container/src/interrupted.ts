import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { removeMachine } from "./machine.js";
import { isBeingMade } from "./making.js";
import { type ContainerRecord, isOwnedBy, listIds, placesOf, readRecord } from "./record.js";
import type { Site } from "./site.js";

/**
 * What a run that was killed had made of a machine before Pulumi noted it. Its host key tells that it is the same one:
 * the stack had that before. A whole machine is returned, and half ones are removed. Where Pulumi alone was killed, its
 * provider may still be at it: it is waited for.
 */
export async function findInterrupted(
  site: Site,
  owners: readonly string[],
  image: string | undefined,
  hostPublicKey: string,
): Promise<ContainerRecord | undefined> {
  for (const id of (await listIds(site)).filter((id) => isOwnedBy(id, owners))) {
    const places = placesOf(site, id);
    const isSame = async () =>
      (
        await readFile(join(places.upper, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8").catch(() => "")
      ).trim() === hostPublicKey;
    while ((await isBeingMade(places))?.goesOn && (await isSame())) await sleep(200);
    const making = await isBeingMade(places);
    const record = await readRecord(site, id);
    if (making && !making.goesOn) await removeMachine(site, id);
    else if (!making && record?.image === image && (await isSame())) return record;
  }
  return undefined;
}
