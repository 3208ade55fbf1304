import type * as pulumi from "@pulumi/pulumi";
import { infoOf } from "./manage/info.js";
import { manage, manageIfThere } from "./manage/manage.js";

/** What the Pulumi resource of a machine's snapshots is given. */
export interface SnapshotInputs {
  /** UUID of the machine. */
  readonly machine: string;
  /** Its name, for messages. */
  readonly name: string;
  /** The system that will be activated: another one wants a snapshot first. */
  readonly toplevel: string;
  /** How many to keep. */
  readonly keep: number;
}

/** What the names of snapshots that Firn took begin with. */
const PREFIX = "firn-";

/** Takes a snapshot before each activation, and deletes the oldest of its own. */
export const snapshot = {
  async create(inputs: SnapshotInputs): Promise<pulumi.dynamic.CreateResult> {
    await take(inputs);
    return { id: inputs.machine, outs: inputs };
  },

  async diff(_id: string, olds: SnapshotInputs, news: SnapshotInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = olds.machine === news.machine ? [] : ["machine"];
    return {
      changes: replaces.length > 0 || olds.toplevel !== news.toplevel || olds.keep !== news.keep,
      replaces,
      deleteBeforeReplace: true,
    };
  },

  async update(
    _id: string,
    olds: SnapshotInputs,
    news: SnapshotInputs,
  ): Promise<pulumi.dynamic.UpdateResult> {
    if (olds.toplevel !== news.toplevel) await take(news);
    else await keep(news);
    return { outs: news };
  },

  async delete(_id: string, props: SnapshotInputs): Promise<void> {
    await keep({ ...props, keep: 0 });
  },
};

async function take(inputs: SnapshotInputs): Promise<void> {
  const { machine, name, toplevel } = inputs;
  if (inputs.keep === 0) return keep(inputs);
  const time = new Date().toISOString().replace(/\..*/, "Z");
  const description = `--description=Before ${toplevel}, taken by Firn`;
  const doing = `take a snapshot of ${name}`;
  await manage(doing, "snapshot", machine, "take", `${PREFIX}${time}`, description);
  await keep(inputs);
}

async function keep({ machine, name, keep }: SnapshotInputs): Promise<void> {
  const info = await infoOf(machine);
  const own = [...(info ?? [])]
    .filter(([key, value]) => /^SnapshotName(-\d+)*$/.test(key) && value.startsWith(PREFIX))
    .map(([, value]) => value)
    // Their names have the time.
    .sort();
  for (const each of own.slice(0, Math.max(0, own.length - keep)))
    await manageIfThere(`delete a snapshot of ${name}`, "snapshot", machine, "delete", each);
}
