import { createHash } from "node:crypto";
import { lib, modulesPath, nix } from "@firn/nixos";
import type * as pulumi from "@pulumi/pulumi";

/** A directory of this computer that a machine sees. */
export interface MountArgs {
  /** Absolute path on this computer. */
  readonly source: pulumi.Input<string>;
  /** Default true. */
  readonly readOnly?: pulumi.Input<boolean>;
}

/** What the NixOS configuration of a guest depends on. */
export interface GuestModuleArgs {
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** IPv4 address of the second interface, on the machines' private network; without one there is no second interface. */
  readonly privateAddress?: pulumi.Input<string>;
  /** Default 24. */
  readonly prefixLength?: number;
  /** Shared directories by absolute path in the machine. */
  readonly mounts?: Readonly<Record<string, MountArgs>>;
}

/**
 * The physical half of the NixOS configuration of a guest of QEMU: one virtio disk with the partitions of Debian's cloud
 * images (root is the first one and the last on the disk), GRUB by BIOS, DHCP on the first interface, the console on the
 * serial port.
 */
export function guestModule({
  deployPublicKey,
  privateAddress,
  prefixLength = 24,
  mounts = {},
}: GuestModuleArgs) {
  return {
    imports: [nix`"${modulesPath}/profiles/qemu-guest.nix"`],
    boot: {
      growPartition: true,
      // The last one is where the kernel and systemd write: it is kept, and shown where a boot fails.
      kernelParams: ["console=tty0", "console=ttyS0,115200"],
      loader: {
        timeout: lib.mkDefault(1),
        grub: {
          enable: true,
          devices: ["/dev/vda"],
          extraConfig:
            "serial --unit=0 --speed=115200\nterminal_input --append serial\nterminal_output --append serial\n",
        },
      },
    },
    fileSystems: {
      "/": lib.mkDefault({ device: "/dev/vda1", fsType: "ext4", autoResize: true }),
      ...Object.fromEntries(
        Object.entries(mounts).map(([path, mount]) => [path, sharedDirectory(path, mount)]),
      ),
    },
    networking: {
      // eth0 leads out, eth1 to the other machines: they are in the order of their places on the bus.
      usePredictableInterfaceNames: false,
      useDHCP: lib.mkDefault(false),
      interfaces: {
        eth0: { useDHCP: true },
        ...(privateAddress === undefined
          ? {}
          : { eth1: { ipv4: { addresses: [{ address: privateAddress, prefixLength }] } } }),
      },
    },
    services: { openssh: { enable: true }, qemuGuest: { enable: lib.mkDefault(true) } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
  };
}

function sharedDirectory(path: string, { readOnly = true }: MountArgs) {
  return {
    device: mountTag(path),
    fsType: "9p",
    // A directory that this computer has no more is no reason to keep a machine from booting.
    options: [
      "trans=virtio",
      "version=9p2000.L",
      "msize=524288",
      "nofail",
      ...(readOnly === false ? [] : ["ro"]),
    ],
  };
}

/** The tag by which a guest finds a shared directory; 9p takes 31 bytes at most. */
export function mountTag(path: string): string {
  return `firn-${createHash("sha256").update(path).digest("hex").slice(0, 16)}`;
}
