import type * as pulumi from "@pulumi/pulumi";

interface ExistingHostInputs {
  readonly address: string;
  readonly privateAddress: string;
  readonly user?: string;
  readonly port?: number;
  readonly hostKey: string;
}

/** Life cycle of a host that Firn did not make: its host key is its identity. */
export const existingHost = {
  async create(inputs: ExistingHostInputs): Promise<pulumi.dynamic.CreateResult> {
    return { id: inputs.hostKey, outs: inputs };
  },

  async diff(
    id: string,
    olds: ExistingHostInputs,
    news: ExistingHostInputs,
  ): Promise<pulumi.dynamic.DiffResult> {
    const shown = ({ address, privateAddress, user = "root", port = 22, hostKey }: ExistingHostInputs) =>
      JSON.stringify([address, privateAddress, user, port, hostKey]);
    return {
      changes: shown(olds) !== shown(news),
      replaces: id === news.hostKey ? [] : ["hostKey"],
      deleteBeforeReplace: true,
    };
  },

  async update(
    _id: string,
    _olds: ExistingHostInputs,
    news: ExistingHostInputs,
  ): Promise<pulumi.dynamic.UpdateResult> {
    return { outs: news };
  },
};
