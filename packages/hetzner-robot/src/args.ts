import type { DiskLayout } from "@firn/nixos";
import type * as pulumi from "@pulumi/pulumi";

/** A dedicated server that you have, and what shall be on it. */
export interface RobotArgs {
  /** Its number, as the Robot shows it behind the #. Another one is another machine. */
  readonly server: number;
  /** User of the web service (Robot, Settings, Web service and app settings). */
  readonly user: pulumi.Input<string>;
  /** That user's password, kept as a secret: `config.requireSecret("robotPassword")`. */
  readonly password: pulumi.Input<string>;
  /** What its disks shall be, in the shape of `disko.devices`; they are partitioned and formatted once. */
  readonly disks: DiskLayout;
  /**
   * Another number installs the server anew: rescue system, disks, NixOS. What is on its disks is lost, and the stack's
   * configuration has to confirm that again. Default 0.
   */
  readonly reinstall?: number;
  /** Name that its IPv4 address leads back to. */
  readonly rdns?: pulumi.Input<string>;
  /**
   * What `pulumi destroy` does: the server always stays yours, with all that is on its disks. By default it runs on as it
   * is; `rescue` resets it into its rescue system, so that its services end.
   */
  readonly onDestroy?: "rescue";
  /** Interface of its public addresses, as the kernel names it; default `eth0`. */
  readonly interface?: string;
  /** Address of the web service; default Hetzner's. Only https, or a proxy on this computer. */
  readonly url?: pulumi.Input<string>;
}
