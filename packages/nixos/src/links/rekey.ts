import * as pulumi from "@pulumi/pulumi";
import { type ConnectionInputs, connectionInputs } from "../connection.js";
import type { Machine } from "../machine.js";

declare const require: (id: "@firn/nixos/provider") => typeof import("../provider.js");

// The serialized provider must stay tiny: only these literal calls reach users' state.
const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/nixos/provider").linkRekey.create(inputs),
  diff: (id, olds, news) => require("@firn/nixos/provider").linkRekey.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/nixos/provider").linkRekey.update(id, olds, news),
};

export interface LinkRekeyInputs extends ConnectionInputs {
  readonly machine: string;
  /** The key that the machine takes into use. */
  readonly publicKey: string;
}

/**
 * The moment when a machine takes a new key for its links into use: after it has the key and all its peers know it, so
 * that no connection waits for longer than a handshake.
 */
export class LinkRekey extends pulumi.dynamic.Resource {
  /** @param peers the Systems of all that are linked with the machine */
  constructor(
    network: pulumi.Resource,
    machine: Machine,
    publicKey: pulumi.Output<string>,
    peers: Promise<pulumi.Resource[]>,
  ) {
    super(
      provider,
      `${machine.resourceName}-link`,
      { machine: machine.machineName, publicKey, ...connectionInputs(machine.host, machine.ssh) },
      {
        // Inside the machine's component, the System would wait for it, and it waits for the System.
        parent: network,
        dependsOn: peers.then<pulumi.Input<pulumi.Resource>[]>((systems) => [machine.system, ...systems]),
        additionalSecretOutputs: ["identity", "hostPrivateKey", "privilegePassword", "viaIdentities"],
      },
      "firn",
      "LinkRekey",
    );
  }
}
