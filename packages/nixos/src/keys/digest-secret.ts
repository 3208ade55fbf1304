import * as pulumi from "@pulumi/pulumi";

// The serialized provider must stay tiny: only this literal call reaches users' state.
declare const require: (id: "@firn/nixos/provider") => typeof import("../provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  create: () => require("@firn/nixos/provider").keyDigestSecret.create(),
  diff: () => require("@firn/nixos/provider").keyDigestSecret.diff(),
};

/** A random secret of a network, made once, with which the digests of its keys are made. */
export class KeyDigestSecret extends pulumi.dynamic.Resource {
  declare readonly secret: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { secret: undefined },
      pulumi.mergeOptions({ additionalSecretOutputs: ["secret"] }, opts),
      "firn",
      "KeyDigestSecret",
    );
  }
}
