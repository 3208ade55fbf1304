import type { FailedUnitsPolicy, Goal, HealthCheck, RebootPolicy } from "@firn/host";
import type * as pulumi from "@pulumi/pulumi";

/** A value in which every part may be an `Output`. */
export type DeepInput<T> = pulumi.Input<
  T extends readonly (infer Element)[]
    ? readonly DeepInput<Element>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepInput<T[K]> }
      : T
>;

/** Time limits of a deployment, in seconds. */
export interface DeploymentTimeouts {
  /** How long switch-to-configuration may take, and a boot; default 600. */
  readonly activation?: number;
  /**
   * How long a machine waits without a word over a fresh connection before it goes back to its old system; default 60.
   * After a reboot it waits three times as long.
   */
  readonly confirmation?: number;
  /** How long a machine may take until it answers after a reboot; default 600. */
  readonly reboot?: number;
}

/** How the machines of a group are updated. */
export interface RollingUpdate {
  /** How many of them are activated at the same time, checks and reboots included; default 1. */
  readonly maxParallel?: number;
  /** With the failure of so many of them the update stops: the others keep what they run. Default 1. */
  readonly stopAfter?: number;
}

/** Where a machine's system is built: on this computer with its builders, or on the machine itself. */
export type BuildOn = "local" | "target";

/** How machines are deployed. What a machine says wins over what its network says. */
export interface DeploymentArgs {
  /**
   * How far a deployment goes: `build`, `copy`, `dry-activate`, `test`, `boot` or `switch`, the default. The stack's
   * configuration `firn:goal` wins over it. A later `up` with a goal further on goes on from there.
   */
  readonly goal?: Goal;
  /**
   * Where systems are built. `local` (default): on this computer, and on the builders that its nix.conf names. `target`:
   * on the machine itself, which is sent its derivation and fetches what its binary caches have; for a machine of
   * another kind than this computer, or with more power.
   */
  readonly buildOn?: BuildOn;
  /** What must hold after the activation, before it is confirmed. A check that fails takes the machine back. */
  readonly healthChecks?: readonly DeepInput<HealthCheck>[];
  /** What failed units mean, for all or by unit name or pattern; default `fail`, which takes the machine back. */
  readonly failedUnits?: FailedUnitsPolicy;
  /**
   * Whether a deployment may reboot the machine. `never` (default): where kernel, initrd, kernel modules or a switch
   * inhibitor changed, the system is made ready for the next boot, and you are told that a reboot is pending.
   * `when-needed` reboots then, `always` for every new system. A machine that does not come back right boots its old
   * system again.
   */
  readonly reboot?: RebootPolicy;
  /**
   * How many generations of the system profile stay on the machine, the newest included; default all. Older ones are
   * removed after a success, never the one that runs, the one that was booted or the one that ran before.
   */
  readonly keepGenerations?: number;
  readonly timeouts?: DeploymentTimeouts;
}
