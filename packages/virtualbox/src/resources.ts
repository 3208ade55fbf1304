import * as pulumi from "@pulumi/pulumi";

// Serialized providers must stay tiny: only these literal calls reach users' state.
declare const require: (id: "@firn/virtualbox/provider") => typeof import("./provider.js");

const machine: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/virtualbox/provider").machine.create(inputs),
  read: (id, props) => require("@firn/virtualbox/provider").machine.read(id, props),
  diff: (id, olds, news) => require("@firn/virtualbox/provider").machine.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/virtualbox/provider").machine.update(id, olds, news),
  delete: (id, props) => require("@firn/virtualbox/provider").machine.delete(id, props),
};

const disk: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/virtualbox/provider").disk.create(inputs),
  read: (id, props) => require("@firn/virtualbox/provider").disk.read(id, props),
  diff: (id, olds, news) => require("@firn/virtualbox/provider").disk.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/virtualbox/provider").disk.update(id, olds, news),
  delete: (id, props) => require("@firn/virtualbox/provider").disk.delete(id, props),
};

const network: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/virtualbox/provider").network.create(inputs),
  read: (id, props) => require("@firn/virtualbox/provider").network.read(id, props),
  diff: (id, olds, news) => require("@firn/virtualbox/provider").network.diff(id, olds, news),
  delete: (id, props) => require("@firn/virtualbox/provider").network.delete(id, props),
};

const snapshot: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/virtualbox/provider").snapshot.create(inputs),
  diff: (id, olds, news) => require("@firn/virtualbox/provider").snapshot.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/virtualbox/provider").snapshot.update(id, olds, news),
  delete: (id, props) => require("@firn/virtualbox/provider").snapshot.delete(id, props),
};

/** A machine. */
export class VirtualMachine extends pulumi.dynamic.Resource {
  declare readonly address: pulumi.Output<string>;
  declare readonly prefixLength: pulumi.Output<number>;

  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { address: undefined, prefixLength: undefined, running: undefined };
    // A new machine has the old one's name.
    const own = { additionalSecretOutputs: ["userData"], deleteBeforeReplace: true };
    const all = pulumi.mergeOptions(own, opts);
    super(machine, name, { ...inputs, ...outputs }, all, "firn", "VirtualMachine");
  }
}

/** A volume. */
export class Disk extends pulumi.dynamic.Resource {
  declare readonly path: pulumi.Output<string>;
  declare readonly device: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { path: undefined, uuid: undefined, device: undefined };
    super(disk, name, { ...inputs, ...outputs }, opts, "firn", "VirtualDisk");
  }
}

/** A host-only network. */
export class HostOnly extends pulumi.dynamic.Resource {
  declare readonly network: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { network: undefined, kind: undefined };
    super(network, name, { ...inputs, ...outputs }, opts, "firn", "HostOnlyNetwork");
  }
}

/** The snapshots of a machine. */
export class Snapshots extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(snapshot, name, inputs, opts, "firn", "Snapshots");
  }
}
