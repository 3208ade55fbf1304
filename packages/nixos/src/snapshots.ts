import type * as pulumi from "@pulumi/pulumi";

/** What the Pulumi resource of a machine's snapshots is given, beside what a hypervisor needs to find the machine. */
export interface SnapshotInputs {
  /** The system that will be activated: another one wants a snapshot first. */
  readonly toplevel: string;
  /** How many are kept. */
  readonly keep: number;
}

/** How a hypervisor keeps the snapshots of a machine. */
export interface Snapshotter<I extends SnapshotInputs> {
  /** The input with the machine's id: another one is another machine. */
  readonly machine: keyof I & string;
  /** Takes one; the names are in the order of time. */
  take(inputs: I, name: string, description: string): Promise<unknown>;
  /** Names of all that there are, whoever took them; none where the machine is gone. */
  list(inputs: I): Promise<readonly string[]>;
  remove(inputs: I, name: string): Promise<unknown>;
}

/** The part of a dynamic provider that snapshots need. */
export interface SnapshotProvider<I extends SnapshotInputs> {
  create(inputs: I): Promise<pulumi.dynamic.CreateResult>;
  diff(id: string, olds: I, news: I): Promise<pulumi.dynamic.DiffResult>;
  update(id: string, olds: I, news: I): Promise<pulumi.dynamic.UpdateResult>;
  delete(id: string, props: I): Promise<void>;
}

/** Begins the names of snapshots that Firn took; others are left alone. */
const PREFIX = "firn-";

/** Takes a snapshot of a machine before each activation, and removes the oldest of its own. */
export function snapshotProvider<I extends SnapshotInputs>(hypervisor: Snapshotter<I>): SnapshotProvider<I> {
  const thinOut = async (inputs: I, keep: number) => {
    const own = (await hypervisor.list(inputs)).filter((name) => name.startsWith(PREFIX)).sort();
    for (const name of own.slice(0, Math.max(0, own.length - keep))) await hypervisor.remove(inputs, name);
  };
  const take = async (inputs: I) => {
    // In the order of time, also where two are taken in one second.
    const name = `${PREFIX}${new Date().toISOString().replace(/[:.]/g, "-")}`;
    if (inputs.keep > 0) await hypervisor.take(inputs, name, `Before ${inputs.toplevel}, taken by Firn`);
    await thinOut(inputs, inputs.keep);
  };
  const { machine } = hypervisor;
  return {
    async create(inputs) {
      await take(inputs);
      return { id: String(inputs[machine]), outs: inputs };
    },

    async diff(_id, olds, news) {
      const replaces = olds[machine] === news[machine] ? [] : [machine];
      return {
        changes: replaces.length > 0 || olds.toplevel !== news.toplevel || olds.keep !== news.keep,
        replaces,
        deleteBeforeReplace: true,
      };
    },

    async update(_id, olds, news) {
      if (olds.toplevel !== news.toplevel) await take(news);
      else await thinOut(news, news.keep);
      return { outs: news };
    },

    delete: (_id, props) => thinOut(props, 0),
  };
}
