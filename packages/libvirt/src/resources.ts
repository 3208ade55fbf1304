import * as pulumi from "@pulumi/pulumi";

// The serialized providers must stay tiny: only these literal calls reach users' state.
declare const require: (id: "@firn/libvirt/provider") => typeof import("./provider.js");

const domainProvider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/libvirt/provider").domain.create(inputs),
  read: (id, props) => require("@firn/libvirt/provider").domain.read(id, props),
  diff: (id, olds, news) => require("@firn/libvirt/provider").domain.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/libvirt/provider").domain.update(id, olds, news),
  delete: (id, props) => require("@firn/libvirt/provider").domain.delete(id, props),
};

const networkProvider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/libvirt/provider").network.create(inputs),
  read: (id, props) => require("@firn/libvirt/provider").network.read(id, props),
  diff: (id, olds, news) => require("@firn/libvirt/provider").network.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/libvirt/provider").network.update(id, olds, news),
  delete: (id, props) => require("@firn/libvirt/provider").network.delete(id, props),
};

const volumeProvider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/libvirt/provider").volume.create(inputs),
  read: (id, props) => require("@firn/libvirt/provider").volume.read(id, props),
  diff: (id, olds, news) => require("@firn/libvirt/provider").volume.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/libvirt/provider").volume.update(id, olds, news),
  delete: (id, props) => require("@firn/libvirt/provider").volume.delete(id, props),
};

const snapshotProvider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/libvirt/provider").snapshot.create(inputs),
  diff: (id, olds, news) => require("@firn/libvirt/provider").snapshot.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/libvirt/provider").snapshot.update(id, olds, news),
  delete: (id, props) => require("@firn/libvirt/provider").snapshot.delete(id, props),
};

/** Names and volumes are the same ones for what replaces something: the old one has to be gone by then. */
const oneAtATime = (opts: pulumi.CustomResourceOptions, more: pulumi.CustomResourceOptions = {}) =>
  pulumi.mergeOptions({ deleteBeforeReplace: true, ...more }, opts);

/** A virtual machine. */
export class LibvirtDomain extends pulumi.dynamic.Resource {
  declare readonly address: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { address: undefined, running: undefined, emulated: undefined };
    super(domainProvider, name, { ...inputs, ...outputs }, oneAtATime(opts), "firn", "LibvirtDomain");
  }
}

/** A virtual network. */
export class LibvirtNetwork extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { active: undefined };
    super(
      networkProvider,
      name,
      { subnet: undefined, ...inputs, ...outputs },
      oneAtATime(opts),
      "firn",
      "LibvirtNetwork",
    );
  }
}

/** A disk. */
export class LibvirtVolume extends pulumi.dynamic.Resource {
  declare readonly capacity: pulumi.Output<number>;

  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { volume: undefined, format: undefined };
    super(
      volumeProvider,
      name,
      { capacity: undefined, ...inputs, ...outputs },
      oneAtATime(opts, { additionalSecretOutputs: ["seed"] }),
      "firn",
      "LibvirtVolume",
    );
  }

  /** Its name in its pool, which is part of its id: that stays known when it grows. */
  get volumeName(): pulumi.Output<string> {
    return this.id.apply((id) => id.slice(id.indexOf("/") + 1));
  }
}

/** The snapshots of a machine. */
export class LibvirtSnapshots extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(snapshotProvider, name, inputs, oneAtATime(opts), "firn", "LibvirtSnapshots");
  }
}
