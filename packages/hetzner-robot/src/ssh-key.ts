import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./web-service.js";

declare const require: (id: "@firn/hetzner-robot/provider") => typeof import("./provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/hetzner-robot/provider").robotSshKey.create(inputs),
  read: (id, props) => require("@firn/hetzner-robot/provider").robotSshKey.read(id, props),
  diff: (id, olds, news) => require("@firn/hetzner-robot/provider").robotSshKey.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/hetzner-robot/provider").robotSshKey.update(id, olds, news),
  delete: (id, props) => require("@firn/hetzner-robot/provider").robotSshKey.delete(id, props),
};

/** Inputs of a {@link RobotSshKey}; `password` is a secret. */
export interface RobotSshKeyInputs extends Account {
  readonly name: string;
  readonly publicKey: string;
}

export interface RobotSshKeyOutputs extends RobotSshKeyInputs {
  /** Whether the account did not have it before. */
  readonly own: boolean;
}

/** A key that opens rescue systems, in the account of the web service. */
export class RobotSshKey extends pulumi.dynamic.Resource {
  constructor(
    name: string,
    inputs: { [K in keyof RobotSshKeyInputs]: pulumi.Input<RobotSshKeyInputs[K]> },
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      provider,
      name,
      { ...inputs, own: undefined },
      pulumi.mergeOptions({ additionalSecretOutputs: ["password"] }, opts),
      "firn",
      "RobotSshKey",
    );
  }
}
