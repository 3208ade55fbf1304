import type * as pulumi from "@pulumi/pulumi";

interface ExistingHostInputs {
  readonly address: string;
  readonly privateAddress: string;
  readonly user: string;
  readonly port: number;
  readonly hostKey: string;
}

const PROPERTIES = ["address", "privateAddress", "user", "port", "hostKey"] as const;

/** Life cycle of a host that Firn did not make: its host key is its identity. */
export const existingHost = {
  async create(inputs: ExistingHostInputs): Promise<pulumi.dynamic.CreateResult> {
    return { id: inputs.hostKey, outs: inputs };
  },

  async diff(
    _id: string,
    olds: ExistingHostInputs,
    news: ExistingHostInputs,
  ): Promise<pulumi.dynamic.DiffResult> {
    return {
      changes: PROPERTIES.some((property) => olds[property] !== news[property]),
      replaces: olds.hostKey === news.hostKey ? [] : ["hostKey"],
      deleteBeforeReplace: true,
    };
  },
};
