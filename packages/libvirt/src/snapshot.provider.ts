import type * as pulumi from "@pulumi/pulumi";
import { LibvirtError } from "./errors.js";
import { Virsh, XML } from "./virsh/virsh.js";
import { element } from "./xml/element.js";

/** What the Pulumi resource of a machine's snapshots is given. */
export interface SnapshotInputs {
  readonly uri: string;
  /** UUID of the domain. */
  readonly domain: string;
  /** Its name, for messages. */
  readonly name: string;
  /** The system that will be activated: another one wants a snapshot first. */
  readonly toplevel: string;
  /** How many are kept. */
  readonly keep: number;
}

/** Begins the names of snapshots that Firn took; others are left alone. */
const PREFIX = "firn-";
/** The memory of the machine is written with them. */
const TIMEOUT_MS = 900_000;

/** Takes a snapshot of a machine, disks and memory, before each activation, and deletes the oldest of its own. */
export const snapshot = {
  async create(inputs: SnapshotInputs): Promise<pulumi.dynamic.CreateResult> {
    await take(inputs);
    return { id: inputs.domain, outs: inputs };
  },

  async diff(_id: string, olds: SnapshotInputs, news: SnapshotInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = olds.domain === news.domain ? [] : ["domain"];
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
    else await thinOut(news);
    return { outs: news };
  },

  async delete(_id: string, props: SnapshotInputs): Promise<void> {
    await thinOut({ ...props, keep: 0 });
  },
};

async function take(inputs: SnapshotInputs): Promise<void> {
  const { domain, name, toplevel, uri } = inputs;
  const virsh = new Virsh(uri);
  if ((await virsh.ask(["domname", domain])) === undefined)
    throw new LibvirtError(
      `libvirt at ${uri} does not have the machine ${name} (${domain}): run \`pulumi refresh\`.`,
    );
  const definition = element(
    "domainsnapshot",
    {},
    // In the order of time, also where two are taken in one second.
    element("name", {}, `${PREFIX}${new Date().toISOString().replace(/[:.]/g, "-")}`),
    element("description", {}, `Before ${toplevel}, taken by Firn`),
  );
  await virsh.withXml(["snapshot-create", domain, XML], definition, { timeoutMs: TIMEOUT_MS });
  await thinOut(inputs);
}

/** Deletes the oldest of Firn's own. */
async function thinOut({ domain, keep, uri }: SnapshotInputs): Promise<void> {
  const virsh = new Virsh(uri);
  const names = (await virsh.ask(["snapshot-list", domain, "--name"]))?.split("\n") ?? [];
  const own = names
    .map((name) => name.trim())
    .filter((name) => name.startsWith(PREFIX))
    .sort();
  for (const name of own.slice(0, Math.max(0, own.length - keep)))
    await virsh.run(["snapshot-delete", domain, name], { timeoutMs: TIMEOUT_MS });
}
