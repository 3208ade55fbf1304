import * as pulumi from "@pulumi/pulumi";

declare const require: (id: "@firn/nixos/provider") => typeof import("./provider.js");

// The serialized provider must stay tiny: only these literal calls reach users' state.
const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/nixos/provider").system.create(inputs),
  read: (id, props) => require("@firn/nixos/provider").system.read(id, props),
  diff: (id, olds, news) => require("@firn/nixos/provider").system.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/nixos/provider").system.update(id, olds, news),
  delete: () => require("@firn/nixos/provider").system.delete(),
};

/**
 * What a machine's configuration evaluates to, in terms that people and policies know. It lies in the inputs, so
 * that a preview shows what will change: hashes are the first 12 hexadecimal digits of a sha256.
 */
export interface Manifest {
  /** NixOS version, for example `26.05.20260601.abcdef`. */
  readonly nixos: string;
  /** Kernel version; empty for a container, which has its host's. */
  readonly kernel: string;
  /** Hash of the text of every systemd unit, by unit name. */
  readonly units: Readonly<Record<string, string>>;
  /** Hash of every file, by path below `/etc`. */
  readonly etc: Readonly<Record<string, string>>;
  /** Version of every package of `environment.systemPackages`, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Plain, named properties, so that diffs are string comparisons and policies can read them. */
export interface SystemInputs {
  readonly machine: string;
  readonly network: string;
  /** The host's identity: another one replaces the system. */
  readonly hostId: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  /** Private key of the deployer (secret). */
  readonly identity?: string;
  readonly drvPath: string;
  /** Store path of the NixOS system that shall run. After a refresh: the one that runs. */
  readonly toplevel: string;
  readonly manifest: Manifest;
  /** URN of the machine's component, under which progress is shown. */
  readonly component: string;
}

/** The NixOS system of one machine: built, copied, activated and confirmed. */
export class System extends pulumi.dynamic.Resource {
  declare readonly toplevel: pulumi.Output<string>;

  constructor(
    name: string,
    inputs: { [K in keyof SystemInputs]: pulumi.Input<SystemInputs[K]> },
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      provider,
      name,
      { ...inputs },
      pulumi.mergeOptions({ additionalSecretOutputs: ["identity"] }, opts),
      "firn",
      "System",
    );
  }
}
