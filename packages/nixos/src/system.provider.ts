import { connect, currentState, inspectKeys, rebootNeed, UnreachableError } from "@firn/host";
import type * as pulumi from "@pulumi/pulumi";
import { rebootIsPending } from "./deploy/activate.js";
import { previewAdoption } from "./deploy/adopt.js";
import { phase } from "./deploy/deployment.js";
import { deploy, deployKeys, PATIENCE } from "./deploy/pipeline.js";
import { sshTarget } from "./deploy/ssh-target.js";
import { projectRoot } from "./evaluation/project.js";
import { keyChanges } from "./keys/changes.js";
import { keysFound } from "./keys/found.js";
import { redactedStatus } from "./keys/redact.js";
import { type MachineKeys, readKeys } from "./keys/values.js";
import { manifestChanges, stateVersionWarning } from "./manifest-changes.js";
import { type Status, statusOf } from "./status.js";
import type { SystemInputs } from "./system.js";
import {
  activates,
  isReached,
  NO_SYSTEM,
  outputsAfter,
  outputsSeen,
  outputsWithKeys,
  outputsWithoutSystem,
  type SystemOutputs,
} from "./system-outputs.js";

/** Whether the machine is reached in another way. Credentials do not count: no machine is another one for them. */
function reachedOtherwise(olds: SystemInputs, news: SystemInputs): boolean {
  const way = ({ address, port = 22, user = "root", hostKey, privilege, via = [] }: SystemInputs) =>
    JSON.stringify([
      ...[address, port, user, hostKey, privilege],
      ...via.map((hop) => [hop.address, hop.port, hop.user, hop.hostKey]),
    ]);
  return way(olds) !== way(news);
}

/** Tells in a preview what a deployment will change, and what an earlier one has left to do. */
function announce(olds: SystemOutputs, news: SystemInputs, status: Status): void {
  if (olds.rebootPending && olds.next?.toplevel === news.toplevel)
    status.note(rebootIsPending(olds.rebootPending));
  else if (olds.next && olds.next.toplevel === news.toplevel)
    status.note(`an earlier run with the goal ${olds.next.goal} has prepared this system`);
  // An unknown manifest is a marker, not an object. Of a machine without a system there is none.
  if (typeof news.manifest !== "object" || olds.toplevel === NO_SYSTEM) return;
  for (const line of manifestChanges(olds.manifest, news.manifest)) status.note(line);
  const warning = stateVersionWarning(olds.manifest, news.manifest);
  if (warning !== undefined) status.warn(warning);
}

/** Life cycle of {@link System}. Every step may be repeated; none but `read` and a deployment opens a connection. */
export const system = {
  /**
   * In a preview, looks at a host that was there before Firn and has no System yet: what is in the way of its first
   * deployment ends the preview, before anything is touched.
   */
  async check(
    olds: Partial<SystemInputs>,
    { existing, ...news }: SystemInputs,
  ): Promise<pulumi.dynamic.CheckResult> {
    if (existing === undefined) return { inputs: news, failures: [] };
    const { preview, ...kept } = existing;
    const inputs = { ...news, existing: kept };
    if (preview !== true || olds.toplevel !== undefined) return { inputs, failures: [] };
    const reasons = await previewAdoption(inputs, statusOf(inputs.component));
    return { inputs, failures: reasons.map((reason) => ({ property: "", reason })) };
  },

  async create(inputs: SystemInputs): Promise<pulumi.dynamic.CreateResult> {
    const keys = await keysOf(inputs);
    const status = redactedStatus(statusOf(inputs.component), keys);
    const formerHostKey = inputs.temporaryHostKey;
    const id = `${inputs.network}/${inputs.machine}`;
    const deployment = { inputs, formerHostKey, status, waitMs: PATIENCE.created, keys, isFirst: true };
    const reached = await deploy(deployment).catch((error) => {
      throw createdButFailed(error, id, inputs);
    });
    return { id, outs: outputsAfter(undefined, inputs, reached, keys?.state) };
  },

  async diff(_id: string, olds: SystemOutputs, news: SystemInputs): Promise<pulumi.dynamic.DiffResult> {
    const changed = isSystemChanged(olds, news);
    const replaced = olds.hostId !== news.hostId;
    const keys = activates(news.goal) ? keyChanges(olds.keys, news.keys) : undefined;
    const status = statusOf(news.component);
    if (changed && !replaced) announce(olds, news, status);
    if (keys !== undefined && !replaced) status.note(keys);
    return {
      changes: changed || replaced || keys !== undefined,
      replaces: replaced ? ["hostId"] : [],
      deleteBeforeReplace: true,
    };
  },

  async update(_id: string, olds: SystemOutputs, news: SystemInputs): Promise<pulumi.dynamic.UpdateResult> {
    const keys = await keysOf(news, olds);
    const status = redactedStatus(statusOf(news.component), keys);
    const waitMs = olds.toplevel === NO_SYSTEM ? PATIENCE.created : PATIENCE.running;
    const deployment = { inputs: news, formerHostKey: olds.hostKey, status, waitMs };
    if (keys && !isSystemChanged(olds, news)) {
      await deployKeys({ ...deployment, keys });
      return { outs: outputsWithKeys(olds, news, keys.state) };
    }
    const reached = await deploy({ ...deployment, keys });
    return { outs: outputsAfter(olds, news, reached, keys?.state) };
  },

  /**
   * Asks the machine what it runs and which keys it has, so that a refresh finds what was changed or lost, and what waits
   * for a boot. Of a machine that does not answer nothing is known; whether it is gone, its host's own resource tells.
   */
  async read(id: string, props: SystemOutputs): Promise<pulumi.dynamic.ReadResult> {
    const host = await connect(sshTarget(props), { waitMs: PATIENCE.running }).catch((error: unknown) => {
      if (!(error instanceof UnreachableError)) throw error;
      statusOf(props.component).warn(`what it runs could not be asked: ${error.message}`);
      return undefined;
    });
    if (!host) return { id, props };
    try {
      const { currentSystem, profile } = await currentState(host);
      const waiting = profile === undefined || profile === currentSystem ? undefined : profile;
      const rebootPending = waiting === undefined ? [] : (await rebootNeed(host, waiting)).reasons;
      const seen = { running: currentSystem, bootDefault: profile, rebootPending };
      if (rebootPending.length > 0) statusOf(props.component).warn(rebootIsPending(rebootPending));
      const paths = Object.values(props.keys ?? {}).map((key) => key.path);
      const keys = paths.length === 0 ? {} : { keys: keysFound(props, await inspectKeys(host, paths)) };
      return { id, props: { ...outputsSeen(props, seen), ...keys } };
    } finally {
      await host.close();
    }
  },

  /** The host goes with its own resource, and may be gone already: there is nothing to do on it. */
  async delete(): Promise<void> {},
};

/** An error with which the engine keeps the resource, so that the next run goes on with it. */
function createdButFailed(error: unknown, id: string, inputs: SystemInputs): Error {
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message), {
    id,
    properties: outputsWithoutSystem(inputs),
    reasons: [message],
  });
}

/** Whether there is more to do than sending keys. A build alone does not ask how the machine is reached. */
function isSystemChanged(olds: SystemOutputs, news: SystemInputs): boolean {
  return !isReached(olds, news) || (news.goal !== "build" && reachedOtherwise(olds, news));
}

/** The values of a machine's keys, before anything is touched; undefined when it has none and had none. */
async function keysOf(inputs: SystemInputs, olds?: SystemInputs): Promise<MachineKeys | undefined> {
  if (!activates(inputs.goal) || (inputs.keys === undefined && olds?.keys === undefined)) return undefined;
  return phase({ inputs }, "keys", () => readKeys(inputs, projectRoot()));
}
