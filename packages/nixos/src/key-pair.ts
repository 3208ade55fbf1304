import * as pulumi from "@pulumi/pulumi";
import type { KeyPair } from "./target.js";

// The serialized provider must stay tiny: only this literal call reaches users' state.
declare const require: (id: "@firn/nixos/provider") => typeof import("./provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/nixos/provider").keyPair.create(inputs),
  diff: (id, olds, news) => require("@firn/nixos/provider").keyPair.diff(id, olds, news),
};

/** An ed25519 ssh key pair made once and kept in the stack; the private half is a secret output. */
export class SshKeyPair extends pulumi.dynamic.Resource implements KeyPair {
  declare readonly publicKey: pulumi.Output<string>;
  declare readonly privateKey: pulumi.Output<string>;

  /** @param args.rotation another number makes a new key pair */
  constructor(
    name: string,
    args: { comment: string; rotation?: number },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      provider,
      name,
      { comment: args.comment, rotation: args.rotation ?? 0, publicKey: undefined, privateKey: undefined },
      pulumi.mergeOptions({ additionalSecretOutputs: ["privateKey"] }, opts),
      "firn",
      "SshKeyPair",
    );
  }
}
