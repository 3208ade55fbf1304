import { type SnapshotInputs as SnapshotPolicy, snapshotProvider } from "@firn/nixos/snapshots";
import { infoOf } from "./manage/info.js";
import { manage, manageIfThere } from "./manage/manage.js";

/** What the Pulumi resource of a machine's snapshots is given. */
export interface SnapshotInputs extends SnapshotPolicy {
  /** UUID of the machine. */
  readonly machine: string;
  /** Its name, for messages. */
  readonly name: string;
}

/** Snapshots of a machine, volumes left out. */
export const snapshot = snapshotProvider<SnapshotInputs>({
  machine: "machine",

  take: ({ machine, name }, snapshot, description) =>
    manage(
      `take a snapshot of ${name}`,
      "snapshot",
      machine,
      "take",
      snapshot,
      `--description=${description}`,
    ),

  async list({ machine }) {
    return [...((await infoOf(machine)) ?? [])]
      .filter(([key]) => /^SnapshotName(-\d+)*$/.test(key))
      .map(([, name]) => name);
  },

  remove: ({ machine, name }, snapshot) =>
    manageIfThere(`delete a snapshot of ${name}`, "snapshot", machine, "delete", snapshot),
});
