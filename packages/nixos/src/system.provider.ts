import { connect, currentState, inspectKeys } from "@firn/host";
import type * as pulumi from "@pulumi/pulumi";
import { phase } from "./deploy/deployment.js";
import { deploy, deployKeys, PATIENCE } from "./deploy/pipeline.js";
import { sshTarget } from "./deploy/ssh-target.js";
import { projectRoot } from "./evaluation/project.js";
import { keyChanges } from "./keys/changes.js";
import { keysFound } from "./keys/found.js";
import { redactedStatus } from "./keys/redact.js";
import { type MachineKeys, readKeys } from "./keys/values.js";
import { manifestChanges } from "./manifest-changes.js";
import { statusOf } from "./status.js";
import type { SystemInputs } from "./system.js";

/** Whether the machine is reached in another way. Credentials do not count: no machine is another one for them. */
function reachedOtherwise(olds: SystemInputs, news: SystemInputs): boolean {
  const way = ({ address, port = 22, user = "root", hostKey, privilege, via = [] }: SystemInputs) =>
    JSON.stringify([
      ...[address, port, user, hostKey, privilege],
      ...via.map((hop) => [hop.address, hop.port, hop.user, hop.hostKey]),
    ]);
  return way(olds) !== way(news);
}

/** Life cycle of {@link System}. Every step may be repeated; none but `read` and a deployment opens a connection. */
export const system = {
  async create(inputs: SystemInputs): Promise<pulumi.dynamic.CreateResult> {
    const keys = await keysOf(inputs);
    const status = redactedStatus(statusOf(inputs.component), keys);
    const formerHostKey = inputs.temporaryHostKey;
    await deploy({ inputs, formerHostKey, status, waitMs: PATIENCE.created, keys });
    return { id: `${inputs.network}/${inputs.machine}`, outs: { ...inputs, ...stateOf(keys) } };
  },

  async diff(_id: string, olds: SystemInputs, news: SystemInputs): Promise<pulumi.dynamic.DiffResult> {
    const changed = isSystemChanged(olds, news);
    const replaced = olds.hostId !== news.hostId;
    const keys = keyChanges(olds.keys, news.keys);
    const { note } = statusOf(news.component);
    // An unknown manifest is a marker, not an object.
    if (changed && !replaced && typeof news.manifest === "object")
      for (const line of manifestChanges(olds.manifest, news.manifest)) note(line);
    if (keys !== undefined && !replaced) note(keys);
    return {
      changes: changed || replaced || keys !== undefined,
      replaces: replaced ? ["hostId"] : [],
      deleteBeforeReplace: true,
    };
  },

  async update(_id: string, olds: SystemInputs, news: SystemInputs): Promise<pulumi.dynamic.UpdateResult> {
    const keys = await keysOf(news, olds);
    const status = redactedStatus(statusOf(news.component), keys);
    const deployment = { inputs: news, formerHostKey: olds.hostKey, status, waitMs: PATIENCE.running };
    if (keys && !isSystemChanged(olds, news)) await deployKeys({ ...deployment, keys });
    else await deploy({ ...deployment, keys });
    return { outs: { ...news, ...stateOf(keys) } };
  },

  /** Asks the machine which system it runs and which keys it has, so that a refresh finds what was changed or lost. */
  async read(id: string, props: SystemInputs): Promise<pulumi.dynamic.ReadResult> {
    const host = await connect(sshTarget(props), { waitMs: PATIENCE.running });
    try {
      const { currentSystem, profile } = await currentState(host);
      const drifted = currentSystem !== props.toplevel ? currentSystem : profile;
      const paths = Object.values(props.keys ?? {}).map((key) => key.path);
      const keys = paths.length === 0 ? {} : { keys: keysFound(props, await inspectKeys(host, paths)) };
      return { id, props: { ...props, toplevel: drifted ?? "none", ...keys } };
    } finally {
      await host.close();
    }
  },

  /** The host goes with its own resource, and may be gone already: there is nothing to do on it. */
  async delete(): Promise<void> {},
};

/** Whether there is more to do than sending keys. */
function isSystemChanged(olds: SystemInputs, news: SystemInputs): boolean {
  return olds.drvPath !== news.drvPath || olds.toplevel !== news.toplevel || reachedOtherwise(olds, news);
}

/** The values of a machine's keys, before anything is touched; undefined when it has none and had none. */
async function keysOf(inputs: SystemInputs, olds?: SystemInputs): Promise<MachineKeys | undefined> {
  if (inputs.keys === undefined && olds?.keys === undefined) return undefined;
  return phase({ inputs }, "keys", () => readKeys(inputs, projectRoot()));
}

/** A command may print another value than when the program was run: the state tells what was sent. */
function stateOf(keys: MachineKeys | undefined): Pick<SystemInputs, "keys"> {
  return keys && keys.keys.length > 0 ? { keys: keys.state } : {};
}
