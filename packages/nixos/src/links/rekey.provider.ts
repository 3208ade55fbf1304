import { connect } from "@firn/host";
import type * as pulumi from "@pulumi/pulumi";
import { PATIENCE } from "../deploy/pipeline.js";
import { sshTarget } from "../deploy/ssh-target.js";
import type { LinkRekeyInputs } from "./rekey.js";
import { REKEY_UNIT } from "./rotation.js";

/** Life cycle of {@link LinkRekey}. Taking the same key into use again does no harm. */
export const linkRekey = {
  async create(inputs: LinkRekeyInputs): Promise<pulumi.dynamic.CreateResult> {
    await takeIntoUse(inputs);
    return { id: inputs.machine, outs: { ...inputs } };
  },

  async diff(_id: string, olds: LinkRekeyInputs, news: LinkRekeyInputs): Promise<pulumi.dynamic.DiffResult> {
    return { changes: olds.publicKey !== news.publicKey };
  },

  async update(
    _id: string,
    _olds: LinkRekeyInputs,
    news: LinkRekeyInputs,
  ): Promise<pulumi.dynamic.UpdateResult> {
    await takeIntoUse(news);
    return { outs: { ...news } };
  },
};

async function takeIntoUse(inputs: LinkRekeyInputs): Promise<void> {
  const host = await connect(sshTarget(inputs), { waitMs: PATIENCE.running });
  try {
    await host.run(["systemctl", "start", REKEY_UNIT], {
      privileged: true,
      title: "taking the new key for its links into use",
    });
  } finally {
    await host.close();
  }
}
