import { lib } from "@firn/nixos";
import { ubuntuDisk } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";
import type { SharedFolderArgs } from "./args.js";

/** What the NixOS configuration of a machine depends on. */
export interface VirtualboxModuleArgs {
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** Whose disk it is. */
  readonly distribution: "debian" | "ubuntu" | "nixos";
  /** The second interface's address; `undefined` where DHCP gives it. */
  readonly address: pulumi.Input<string> | undefined;
  readonly prefixLength: pulumi.Input<number>;
  readonly sharedFolders: Readonly<Record<string, SharedFolderArgs>>;
}

/**
 * The physical half of a machine's NixOS configuration, after nixpkgs' `virtualisation/virtualbox-image.nix`: its disk is
 * `/dev/sda` at a SATA controller, firmware is a BIOS, the first interface is VirtualBox' NAT and leads out, and the second one
 * is where this computer and the machine's peers reach it.
 */
export function virtualboxModule(args: VirtualboxModuleArgs) {
  const { deployPublicKey, distribution, address, prefixLength, sharedFolders } = args;
  return {
    imports: [DISKS[distribution]],
    boot: {
      growPartition: true,
      initrd: { availableKernelModules: ["ahci", "sd_mod", "sr_mod", "virtio_pci", "virtio_net"] },
      // A machine that nobody can type at starts again instead of asking what to do; VirtualBox keeps what ttyS0 says.
      kernelParams: ["console=tty0", "console=ttyS0", "panic=1", "boot.panic_on_fail"],
    },
    networking: {
      // eth0 is the first adapter, eth1 the second one.
      usePredictableInterfaceNames: false,
      useDHCP: lib.mkDefault(true),
      ...(address === undefined
        ? {}
        : { interfaces: { eth1: { useDHCP: false, ipv4: { addresses: [{ address, prefixLength }] } } } }),
    },
    fileSystems: Object.fromEntries(
      Object.entries(sharedFolders).flatMap(([name, { mountPoint, readOnly = true }]) =>
        mountPoint === undefined ? [] : [[mountPoint, folder(name, readOnly)] as const],
      ),
    ),
    services: { openssh: { enable: true } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
    // They tell VirtualBox the machine's addresses, keep its clock and mount shared folders.
    virtualisation: { virtualbox: { guest: { enable: lib.mkDefault(true) } } },
  };
}

/** VirtualBox refuses to write what is shared for reading only; the option says so on the machine, too. */
function folder(name: string, readOnly: pulumi.Input<boolean>) {
  return {
    device: name,
    fsType: "vboxsf",
    // One that cannot be mounted must not keep the machine from coming to where ssh answers.
    options: [accessOption(readOnly), "nofail"],
  };
}

function accessOption(readOnly: pulumi.Input<boolean>): pulumi.Input<string> {
  if (typeof readOnly === "boolean") return readOnly ? "ro" : "rw";
  return (readOnly as pulumi.Output<boolean>).apply((only) => (only ? "ro" : "rw"));
}

const BIOS = { loader: { grub: { enable: true, devices: ["/dev/sda"] } } };

const DISKS = {
  // Debian's image has root as its first partition, and one for a BIOS' boot loader.
  debian: {
    boot: BIOS,
    fileSystems: { "/": lib.mkDefault({ device: "/dev/sda1", fsType: "ext4", autoResize: true }) },
  },
  ubuntu: {
    ...ubuntuDisk(),
    // Ubuntu's image has a partition for a BIOS' boot loader, too, and VirtualBox' firmware is a BIOS.
    boot: {
      loader: { grub: { enable: true, devices: ["/dev/sda"], configurationLimit: lib.mkDefault(10) } },
    },
  },
  nixos: {
    boot: BIOS,
    fileSystems: {
      "/": lib.mkDefault({ device: "/dev/disk/by-label/nixos", fsType: "ext4", autoResize: true }),
    },
  },
} as const;
