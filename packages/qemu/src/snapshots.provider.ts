import type * as pulumi from "@pulumi/pulumi";
import { hasDisk } from "./machine.js";
import { keepSnapshots, takeSnapshot } from "./snapshots.js";

/** What the Pulumi resource of a machine's snapshots is given. */
export interface SnapshotsInputs {
  /** Id of the machine. */
  readonly machine: string;
  /** The system that will be activated: another one wants a snapshot first. */
  readonly toplevel: string;
  /** How many are kept. */
  readonly keep: number;
}

/** Takes a snapshot of a machine's disk before each activation, and deletes the oldest of its own. */
export const snapshots = {
  async create(inputs: SnapshotsInputs): Promise<pulumi.dynamic.CreateResult> {
    await takeSnapshot(inputs.machine);
    await keepSnapshots(inputs.machine, inputs.keep);
    return { id: inputs.machine, outs: inputs };
  },

  async diff(_id: string, olds: SnapshotsInputs, news: SnapshotsInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = olds.machine === news.machine ? [] : ["machine"];
    return {
      changes: replaces.length > 0 || olds.toplevel !== news.toplevel || olds.keep !== news.keep,
      replaces,
      deleteBeforeReplace: true,
    };
  },

  async update(
    _id: string,
    olds: SnapshotsInputs,
    news: SnapshotsInputs,
  ): Promise<pulumi.dynamic.UpdateResult> {
    if (olds.toplevel !== news.toplevel) await takeSnapshot(news.machine);
    await keepSnapshots(news.machine, news.keep);
    return { outs: news };
  },

  async delete(id: string): Promise<void> {
    if (await hasDisk(id)) await keepSnapshots(id, 0);
  },
};
