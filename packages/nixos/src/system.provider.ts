import { connect, currentState } from "@firn/host";
import type * as pulumi from "@pulumi/pulumi";
import { deploy, PATIENCE } from "./deploy/pipeline.js";
import { sshTarget } from "./deploy/ssh-target.js";
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
    await deploy({
      inputs,
      formerHostKey: inputs.temporaryHostKey,
      status: statusOf(inputs.component),
      waitMs: PATIENCE.created,
    });
    return { id: `${inputs.network}/${inputs.machine}`, outs: { ...inputs } };
  },

  async diff(_id: string, olds: SystemInputs, news: SystemInputs): Promise<pulumi.dynamic.DiffResult> {
    const changed =
      olds.drvPath !== news.drvPath || olds.toplevel !== news.toplevel || reachedOtherwise(olds, news);
    const replaced = olds.hostId !== news.hostId;
    // An unknown manifest is a marker, not an object.
    if (changed && !replaced && typeof news.manifest === "object")
      for (const line of manifestChanges(olds.manifest, news.manifest)) statusOf(news.component).note(line);
    return { changes: changed || replaced, replaces: replaced ? ["hostId"] : [], deleteBeforeReplace: true };
  },

  async update(_id: string, olds: SystemInputs, news: SystemInputs): Promise<pulumi.dynamic.UpdateResult> {
    await deploy({
      inputs: news,
      formerHostKey: olds.hostKey,
      status: statusOf(news.component),
      waitMs: PATIENCE.running,
    });
    return { outs: { ...news } };
  },

  /** Asks the machine which system it runs, so that a refresh finds what was changed by hand. */
  async read(id: string, props: SystemInputs): Promise<pulumi.dynamic.ReadResult> {
    const host = await connect(sshTarget(props), { waitMs: PATIENCE.running });
    try {
      const { currentSystem, profile } = await currentState(host);
      const drifted = currentSystem !== props.toplevel ? currentSystem : profile;
      return { id, props: { ...props, toplevel: drifted ?? "none" } };
    } finally {
      await host.close();
    }
  },

  /** The host goes with its own resource, and may be gone already: there is nothing to do on it. */
  async delete(): Promise<void> {},
};
