import * as pulumi from "@pulumi/pulumi";
import type { LinkIdentity } from "./kind.js";

// The serialized provider must stay tiny: only these literal calls reach users' state.
declare const require: (id: "@firn/nixos/provider") => typeof import("../provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/nixos/provider").wireguardKeyPair.create(inputs),
  diff: (id, olds, news) => require("@firn/nixos/provider").wireguardKeyPair.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/nixos/provider").wireguardKeyPair.update(id, olds, news),
};

/** A WireGuard key pair made once and kept in the stack; the private half is a secret output. */
export class WireguardKeyPair extends pulumi.dynamic.Resource implements LinkIdentity {
  declare readonly publicKey: pulumi.Output<string>;
  declare readonly privateKey: pulumi.Output<string>;
  declare readonly previousPublicKey: pulumi.Output<string>;

  /** @param rotation another number makes a new pair, and keeps the old one's public half for the change-over */
  constructor(name: string, rotation: number, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { name, rotation, publicKey: undefined, privateKey: undefined, previousPublicKey: undefined },
      pulumi.mergeOptions({ additionalSecretOutputs: ["privateKey"] }, opts),
      "firn",
      "WireguardKeyPair",
    );
  }
}
