import { config, lib, modulesPath, nix, str } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";
import type { LibvirtArgs } from "./args.js";
import type { Share } from "./domain/definition.js";
import { isStatic, withoutPrefix } from "./domain/place.js";

/** What the NixOS configuration of a machine depends on. */
export interface LibvirtModuleArgs extends Pick<LibvirtArgs, "address" | "gateway" | "nameservers"> {
  readonly firmware: "bios" | "uefi";
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** Size of its disk in GiB, known once it has it. */
  readonly diskSize: pulumi.Input<number>;
  /** By the absolute path in the machine. */
  readonly shares: Readonly<Record<string, Share>>;
}

/**
 * The physical half of a machine's NixOS configuration. Its disk is the one of Debian's cloud images: root, a BIOS boot
 * partition, and an EFI system partition as number 15.
 */
export function libvirtModule(args: LibvirtModuleArgs) {
  const { deployPublicKey, firmware, shares } = args;
  const isUefi = firmware === "uefi";
  return {
    imports: [nix`"${modulesPath}/profiles/qemu-guest.nix"`],
    boot: {
      growPartition: true,
      initrd: { availableKernelModules: ["sd_mod", "virtio_blk", "virtio_pci", "virtio_scsi"] },
      kernelParams: ["console=ttyS0"],
      loader: {
        efi: { efiSysMountPoint: "/boot/efi" },
        grub: {
          enable: true,
          efiSupport: isUefi,
          efiInstallAsRemovable: isUefi,
          devices: isUefi ? ["nodev"] : ["/dev/vda"],
          // What GRUB says goes where the console is read from.
          extraConfig:
            "serial --unit=0 --speed=115200\nterminal_input --append serial\nterminal_output --append serial\n",
        },
      },
    },
    fileSystems: {
      "/": lib.mkDefault({ device: "/dev/vda1", fsType: "ext4", autoResize: true }),
      ...(isUefi ? { "/boot/efi": lib.mkDefault({ device: "/dev/vda15", fsType: "vfat" }) } : {}),
      ...Object.fromEntries(Object.entries(shares).map(([path, share]) => [path, sharedFolder(share)])),
    },
    networking: networkingOf(args),
    services: { openssh: { enable: true }, qemuGuest: { enable: lib.mkDefault(true) } },
    systemd: { services: { "grow-root": growRoot(args.diskSize) } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
  };
}

/** Takes up what the disk has grown by, while the machine runs and at each boot. */
function growRoot(size: pulumi.Input<number>) {
  return {
    description: "Grow the root file system to its disk",
    wantedBy: ["multi-user.target"],
    restartTriggers: [pulumi.interpolate`${size} GiB`],
    serviceConfig: {
      Type: "oneshot",
      RemainAfterExit: true,
      ExecStart: [
        // It ends with 1 where there is nothing to grow.
        str`-${nix`pkgs.cloud-utils.guest`}/bin/growpart /dev/vda 1`,
        str`${config.systemd.package}/lib/systemd/systemd-growfs /`,
      ],
    },
  };
}

function sharedFolder({ tag, readOnly }: Share) {
  return {
    device: tag,
    fsType: "9p",
    options: [...["trans=virtio", "version=9p2000.L", "msize=262144", "nofail"], ...(readOnly ? ["ro"] : [])],
  };
}

function networkingOf({ address, gateway, nameservers = [] }: LibvirtModuleArgs) {
  // eth0 is its interface, whatever the bus is called.
  const common = { usePredictableInterfaceNames: false };
  if (address === undefined || !isStatic(address)) return { ...common, useDHCP: lib.mkDefault(true) };
  const prefixLength = Number(address.slice(address.indexOf("/") + 1));
  return {
    ...common,
    useDHCP: false,
    interfaces: { eth0: { ipv4: { addresses: [{ address: withoutPrefix(address), prefixLength }] } } },
    ...(gateway === undefined ? {} : { defaultGateway: { address: gateway, interface: "eth0" } }),
    ...(nameservers.length === 0 ? {} : { nameservers }),
  };
}
