import { config, str } from "@firn/nix";
import type * as pulumi from "@pulumi/pulumi";

/** A disk beside the machine's own, which stays when the machine is replaced. */
export interface VolumeArgs {
  /** In GB. A larger number grows the volume and its file system while the machine runs; it cannot shrink. */
  readonly size: number;
  /** Directory where the machine mounts it, for example `/var/lib/postgresql`. */
  readonly mountPoint: string;
  /** File system that it is formatted with, once and only where it holds none. Default `ext4`. */
  readonly fsType?: "ext4" | "xfs" | "btrfs";
}

/**
 * NixOS configuration that mounts a volume: formatted when it holds nothing that is known (NixOS' `autoFormat`),
 * grown when it is mounted (`autoResize`) and while it is mounted (a unit that runs again when the size changes).
 *
 * @param device path that names the volume, whichever other volumes there are; known once it is attached
 */
export function volumeModule(
  device: pulumi.Input<string>,
  { size, mountPoint, fsType = "ext4" }: VolumeArgs,
) {
  return {
    fileSystems: {
      [mountPoint]: {
        device,
        fsType,
        autoFormat: true,
        autoResize: true,
        // A volume that is gone must not keep the machine from booting to where ssh answers.
        options: ["defaults", "nofail"],
      },
    },
    systemd: {
      services: {
        [`grow${mountPoint.replace(/\/+/g, "-")}`]: {
          description: `Grow the file system on ${mountPoint} to ${size} GB`,
          wantedBy: ["multi-user.target"],
          unitConfig: { RequiresMountsFor: mountPoint },
          restartTriggers: [`${size} GB`],
          serviceConfig: {
            Type: "oneshot",
            RemainAfterExit: true,
            ExecStart: str`${config.systemd.package}/lib/systemd/systemd-growfs ${mountPoint}`,
          },
        },
      },
    },
  };
}
