import type { DiskPlan, FailedUnitsPolicy, Goal, HealthCheck, RebootPolicy } from "@firn/host";
import * as pulumi from "@pulumi/pulumi";
import type { BuildOn, DeploymentTimeouts } from "./deployment-args.js";
import type { KeysInState } from "./keys/state.js";

declare const require: (id: "@firn/nixos/provider") => typeof import("./provider.js");

// The serialized provider must stay tiny: only these literal calls reach users' state.
const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs) => require("@firn/nixos/provider").system.create(inputs),
  read: (id, props) => require("@firn/nixos/provider").system.read(id, props),
  diff: (id, olds, news) => require("@firn/nixos/provider").system.diff(id, olds, news),
  update: (id, olds, news) => require("@firn/nixos/provider").system.update(id, olds, news),
  delete: () => require("@firn/nixos/provider").system.delete(),
  check: (olds, news) => require("@firn/nixos/provider").system.check(olds, news),
};

/**
 * What a machine's configuration evaluates to, in terms that people and policies know. It lies in the inputs, so
 * that a preview shows what will change: hashes are the first 12 hexadecimal digits of a sha256.
 */
export interface Manifest {
  /** NixOS version, for example `26.05.20260601.abcdef`. */
  readonly nixos: string;
  /** `system.stateVersion`. States of older versions have none. */
  readonly stateVersion?: string;
  /** Kernel version; empty for a container, which has its host's. */
  readonly kernel: string;
  /** Hash of the text of every systemd unit, by unit name. */
  readonly units: Readonly<Record<string, string>>;
  /** Hash of every file, by path below `/etc`. */
  readonly etc: Readonly<Record<string, string>>;
  /** Version of every package of `environment.systemPackages`, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

/** A host through which a machine is reached. */
export interface JumpHostInputs {
  /** For messages. */
  readonly name?: string;
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly hostKey: string;
  readonly certificate?: string;
}

export interface ExistingInputs {
  /** Nix system that its configuration is for. */
  readonly system: string;
  /** Set where the host stays another distribution's; default: the whole system is Firn's. */
  readonly manage?: "services";
  /** Set in previews only, and never kept: the host is looked at before anything is touched. */
  readonly preview?: true;
}

/** Who can tell what a machine last said on its console. */
export interface ConsoleInputs {
  /** Module of the project's that has `lastOfConsole`. */
  readonly module: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A machine's part in the rolling update of a tag. */
export interface RollingGroup {
  readonly tag: string;
  /** Its place among the machines of the group, as the program declares them, from 0. */
  readonly place: number;
  readonly maxParallel: number;
  readonly stopAfter: number;
}

/** Plain, named properties, so that diffs are string comparisons and policies can read them. */
export interface SystemInputs extends KeysInState {
  readonly machine: string;
  readonly network: string;
  /** The host's identity: another one replaces the system. */
  readonly hostId: string;
  readonly address: string;
  /** Undefined where the user's ssh configuration decides. */
  readonly port?: number;
  /** Undefined where the user's ssh configuration decides. */
  readonly user?: string;
  /** The pinned host key, or the authority of host certificates. */
  readonly hostKey: string;
  /** Private half of the host key (secret), where Firn keeps the machine's key. */
  readonly hostPrivateKey?: string;
  /** Public host key that the machine has until its first deployment. */
  readonly temporaryHostKey?: string;
  /** Private key of the deployer (secret). */
  readonly identity?: string;
  readonly certificate?: string;
  /** How the user becomes root if it is another one. */
  readonly privilege?: "sudo" | "doas";
  /** (secret) */
  readonly privilegePassword?: string;
  /** The hosts through which it is reached: the one next to it first. */
  readonly via?: readonly JumpHostInputs[];
  /** Private keys for them (secret), in the same order; empty where the user's ssh configuration decides. */
  readonly viaIdentities?: readonly string[];
  readonly drvPath: string;
  /** Store path of the NixOS system that shall run. */
  readonly toplevel: string;
  readonly manifest: Manifest;
  /** How the machine becomes NixOS where it starts with another distribution. */
  readonly install?: "in-place" | "disk";
  /** For `disk`: what its disks shall be. */
  readonly disks?: DiskPlan;
  /** For `disk`: serial numbers of disks that may be emptied; undefined where nobody has confirmed that it be installed. */
  readonly eraseDisks?: readonly string[];
  /** Name of the module that starts the machine with its first system. */
  readonly startedBy?: string;
  /** Set where the machine sees this computer's Nix store. */
  readonly sharesStore?: true;
  /** Asked where the machine does not answer. */
  readonly console?: ConsoleInputs;
  /** For a host that was there before Firn: it is asked what it is before its first deployment. */
  readonly existing?: ExistingInputs;
  /** How far a deployment goes. */
  readonly goal: Goal;
  /** Where the system is built; default `local`. */
  readonly buildOn?: BuildOn;
  /** What must hold before an activation is confirmed. */
  readonly healthChecks?: readonly HealthCheck[];
  /** What failed units mean; default `fail`. */
  readonly failedUnits?: FailedUnitsPolicy;
  /** Whether a deployment may reboot the machine; default `never`. */
  readonly reboot?: RebootPolicy;
  /** How many generations stay on the machine; default all. */
  readonly keepGenerations?: number;
  readonly timeouts?: DeploymentTimeouts;
  /** The rolling updates that it is part of. */
  readonly rolling?: readonly RollingGroup[];
  /** URN of the machine's component, under which progress is shown. */
  readonly component: string;
}

const SECRETS = [
  "identity",
  "hostPrivateKey",
  "privilegePassword",
  "viaIdentities",
  "keyTexts",
  "keyDigestSecret",
];

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
      pulumi.mergeOptions({ additionalSecretOutputs: SECRETS }, opts),
      "firn",
      "System",
    );
  }
}
