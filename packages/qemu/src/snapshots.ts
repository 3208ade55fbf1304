import { isRunning } from "./machine.js";
import { type Command, command } from "./qmp.js";
import { run } from "./run.js";
import { placesOf } from "./site.js";

/** Begins the names of snapshots that Firn took; others are left alone. */
const PREFIX = "firn-";

/** Takes a snapshot of a machine's disk, inside of its file, whether it runs or not. */
export function takeSnapshot(id: string): Promise<void> {
  // In the order of time, also where two are taken in one second.
  const name = `${PREFIX}${new Date().toISOString().replace(/[:.]/g, "-")}`;
  return change(id, name, "blockdev-snapshot-internal-sync", "-c");
}

/** Names of the snapshots that Firn took of a machine's disk, the oldest first. */
export async function listSnapshots(id: string): Promise<string[]> {
  const info = ["info", "--force-share", "--output=json", placesOf(id).disk];
  const { snapshots = [] } = JSON.parse(await run("qemu-img", info)) as { snapshots?: { name: string }[] };
  return snapshots
    .map(({ name }) => name)
    .filter((name) => name.startsWith(PREFIX))
    .sort();
}

/** Deletes the oldest ones until no more than so many are left. */
export async function keepSnapshots(id: string, count: number): Promise<void> {
  const names = await listSnapshots(id);
  for (const name of names.slice(0, Math.max(0, names.length - count)))
    await change(id, name, "blockdev-snapshot-delete-internal-sync", "-d");
}

async function change(id: string, name: string, online: Command["execute"], offline: string): Promise<void> {
  const { disk, monitor } = placesOf(id);
  if (await isRunning(id)) await command(monitor, { execute: online, arguments: { device: "disk", name } });
  else await run("qemu-img", ["snapshot", offline, name, disk]);
}
