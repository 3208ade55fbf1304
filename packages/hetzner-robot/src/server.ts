import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./web-service.js";

// The serialized provider must stay tiny: only these literal calls reach users' state.
declare const require: (id: "@firn/hetzner-robot/provider") => typeof import("./provider.js");

const provider: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require("@firn/hetzner-robot/provider").robotServer.check(olds, news),
  create: (inputs) => require("@firn/hetzner-robot/provider").robotServer.create(inputs),
  read: (id, props) => require("@firn/hetzner-robot/provider").robotServer.read(id, props),
  diff: (id, olds, news) => require("@firn/hetzner-robot/provider").robotServer.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/hetzner-robot/provider").robotServer.update(id, olds, news),
  delete: (id, props) => require("@firn/hetzner-robot/provider").robotServer.delete(id, props),
};

/** Inputs of a {@link RobotServer}; `password` is a secret. */
export interface RobotServerInputs extends Account {
  /** Number of the server. */
  readonly server: number;
  readonly reinstall: number;
  /** Opens the rescue system. */
  readonly deployPublicKey: string;
  readonly rdns?: string;
  readonly onDestroy?: "rescue";
  /** Why the server must not be reset yet; never kept. */
  readonly unconfirmed?: string;
}

export interface RobotServerOutputs extends Omit<RobotServerInputs, "unconfirmed"> {
  readonly address: string;
  /** First address of its IPv6 network, a /64: `2001:db8:1:2::`; empty without one. */
  readonly ipv6Network: string;
  readonly product: string;
  readonly datacenter: string;
  /** Host key that its rescue system had when the server was to be installed. */
  readonly rescueHostKey: string;
}

/** A dedicated server: its creation boots the rescue system, from which the machine's System installs NixOS. */
export class RobotServer extends pulumi.dynamic.Resource {
  declare readonly address: pulumi.Output<string>;
  declare readonly ipv6Network: pulumi.Output<string>;
  declare readonly product: pulumi.Output<string>;
  declare readonly datacenter: pulumi.Output<string>;
  declare readonly rescueHostKey: pulumi.Output<string>;

  constructor(
    name: string,
    inputs: { [K in keyof RobotServerInputs]: pulumi.Input<RobotServerInputs[K]> },
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      provider,
      name,
      {
        ...inputs,
        address: undefined,
        ipv6Network: undefined,
        product: undefined,
        datacenter: undefined,
        rescueHostKey: undefined,
      },
      pulumi.mergeOptions({ additionalSecretOutputs: ["password"] }, opts),
      "firn",
      "RobotServer",
    );
  }
}
