import type * as pulumi from "@pulumi/pulumi";
import { md5Fingerprint } from "./fingerprint.js";
import type { RobotSshKeyInputs, RobotSshKeyOutputs } from "./ssh-key.js";
import { WebService } from "./web-service.js";

/** Life cycle of {@link RobotSshKey}. A key that the account has already is used, and stays when the stack goes. */
export const robotSshKey = {
  async create(inputs: RobotSshKeyInputs): Promise<pulumi.dynamic.CreateResult> {
    const service = new WebService(inputs);
    const fingerprint = md5Fingerprint(inputs.publicKey);
    const own = (await find(service, fingerprint)) === undefined;
    if (own)
      await service.request("/key", {
        method: "POST",
        form: { name: inputs.name, data: inputs.publicKey },
        what: "uploading the stack's deployment key",
      });
    return { id: fingerprint, outs: { ...inputs, own } };
  },

  async read(id: string, props: RobotSshKeyOutputs): Promise<pulumi.dynamic.ReadResult> {
    return (await find(new WebService(props), id)) === undefined ? {} : { id, props };
  },

  async diff(
    id: string,
    olds: RobotSshKeyOutputs,
    news: RobotSshKeyInputs,
  ): Promise<pulumi.dynamic.DiffResult> {
    const replaced = id !== md5Fingerprint(news.publicKey);
    const kept = ["url", "user", "password"] as const;
    return {
      changes: replaced || kept.some((name) => olds[name] !== news[name]),
      replaces: replaced ? ["publicKey"] : [],
      deleteBeforeReplace: false,
    };
  },

  async update(
    _id: string,
    olds: RobotSshKeyOutputs,
    news: RobotSshKeyInputs,
  ): Promise<pulumi.dynamic.UpdateResult> {
    return { outs: { ...news, own: olds.own } };
  },

  async delete(id: string, props: RobotSshKeyOutputs): Promise<void> {
    if (!props.own) return;
    await new WebService(props).find(`/key/${id}`, {
      method: "DELETE",
      what: "deleting the stack's deployment key",
    });
  },
};

function find(service: WebService, fingerprint: string): Promise<object | undefined> {
  return service.find<object>(`/key/${fingerprint}`, { what: "asking for the stack's deployment key" });
}
