import { config, str } from "@firn/nix";
import type * as pulumi from "@pulumi/pulumi";
import { luks } from "./luks.js";

/** A disk beside the machine's own, which stays when the machine is replaced. */
export interface VolumeArgs {
  /** In GB. A larger number grows the volume and its file system while the machine runs; it cannot shrink. */
  readonly size: number;
  /** Directory where the machine mounts it, for example `/var/lib/postgresql`. */
  readonly mountPoint: string;
  /** File system that it is formatted with, once and only where it holds none. Default `ext4`. */
  readonly fsType?: "ext4" | "xfs" | "btrfs";
  /**
   * Encrypts the volume (LUKS2) with one of the machine's `keys`: whoever gets hold of the disk reads nothing. Only where
   * it holds nothing; a volume with data on it is refused. Default: as the cloud keeps it.
   */
  readonly luks?: { readonly key: string };
}

/**
 * NixOS configuration that mounts a volume: formatted when it holds nothing that is known (NixOS' `autoFormat`),
 * grown when it is mounted (`autoResize`) and while it is mounted (a unit that runs again when the size changes). An
 * encrypted one is mounted when its key is there.
 *
 * @param device path that names the volume, whichever other volumes there are; known once it is attached
 */
export function volumeModule(
  device: pulumi.Input<string>,
  { size, mountPoint, fsType = "ext4", luks: encryption }: VolumeArgs,
) {
  const name = mountPoint.replace(/^\/+/, "").replace(/\/+/g, "-");
  const unlocked = encryption && luks(device, { name, key: encryption.key, mountPoint });
  return {
    ...(unlocked ? { imports: [unlocked.module] } : {}),
    fileSystems: {
      [mountPoint]: {
        device: unlocked?.device ?? device,
        fsType,
        autoFormat: true,
        autoResize: true,
        options: ["defaults", ...(unlocked ? whenUnlocked(unlocked.unit) : AT_BOOT)],
      },
    },
    systemd: {
      services: {
        [`grow-${name}`]: {
          description: `Grow the file system on ${mountPoint} to ${size} GB`,
          wantedBy: ["multi-user.target"],
          unitConfig: { RequiresMountsFor: mountPoint },
          restartTriggers: [`${size} GB`],
          serviceConfig: {
            Type: "oneshot",
            RemainAfterExit: true,
            ExecStart: [
              ...(unlocked ? [unlocked.resize] : []),
              str`${config.systemd.package}/lib/systemd/systemd-growfs ${mountPoint}`,
            ],
          },
        },
      },
    },
  };
}

/**
 * A volume that is gone must not keep the machine from booting to where ssh answers. One that is there is mounted before
 * anything may write to the directory below it, which "nofail" alone does not see to.
 */
const AT_BOOT = ["nofail", "x-systemd.before=local-fs.target", "x-systemd.device-timeout=30s"];

/** One that waits for its key waits for as long as it takes, and whatever needs it with it; ssh, by which keys come, does not. */
function whenUnlocked(unit: string): string[] {
  return ["nofail", `x-systemd.requires=${unit}`, "x-systemd.device-timeout=0"];
}
