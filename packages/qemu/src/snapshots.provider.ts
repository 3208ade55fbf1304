import { type SnapshotInputs as SnapshotPolicy, snapshotProvider } from "@firn/nixos/snapshots";
import { hasDisk, isRunning } from "./machine.js";
import { type Command, command } from "./qmp.js";
import { run } from "./run.js";
import { placesOf } from "./site.js";

/** What the Pulumi resource of a machine's snapshots is given. */
export interface SnapshotsInputs extends SnapshotPolicy {
  /** Id of the machine. */
  readonly machine: string;
}

/** Snapshots of a machine's disk, inside of its file, whether it runs or not. */
const provider = snapshotProvider<SnapshotsInputs>({
  machine: "machine",
  take: ({ machine }, name) => change(machine, name, "blockdev-snapshot-internal-sync", "-c"),
  remove: ({ machine }, name) => change(machine, name, "blockdev-snapshot-delete-internal-sync", "-d"),

  async list({ machine }) {
    if (!(await hasDisk(machine))) return [];
    const info = ["info", "--force-share", "--output=json", placesOf(machine).disk];
    const { snapshots = [] } = JSON.parse(await run("qemu-img", info)) as { snapshots?: { name: string }[] };
    return snapshots.map(({ name }) => name);
  },
});

export const snapshots = {
  ...provider,
  delete: (id: string) => provider.delete(id, { machine: id, toplevel: "", keep: 0 }),
};

async function change(id: string, name: string, online: Command["execute"], offline: string): Promise<void> {
  const { disk, monitor } = placesOf(id);
  if (await isRunning(id)) await command(monitor, { execute: online, arguments: { device: "disk", name } });
  else await run("qemu-img", ["snapshot", offline, name, disk]);
}
