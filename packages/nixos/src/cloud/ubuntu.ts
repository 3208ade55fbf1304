import { lib } from "@firn/nix";

/**
 * Disk and boot loader of a machine that starts from Ubuntu's cloud image of 24.04 or later, as far as a cloud boots it
 * by UEFI: the file systems are found by the labels that the image gives them, whichever bus the disk is on.
 *
 * GRUB takes the place of Ubuntu's in the path that firmware starts without being told one. Ubuntu's own, in case
 * firmware was told of it, reads the same `/boot/grub/grub.cfg`.
 */
export function ubuntuDisk() {
  return {
    boot: {
      growPartition: true,
      loader: {
        efi: { efiSysMountPoint: "/boot/efi" },
        grub: {
          enable: true,
          efiSupport: true,
          efiInstallAsRemovable: true,
          devices: ["nodev"],
          // Kernels are copied to /boot, which has less than 1 GB.
          configurationLimit: lib.mkDefault(10),
        },
      },
    },
    fileSystems: {
      "/": lib.mkDefault({ device: "/dev/disk/by-label/cloudimg-rootfs", fsType: "ext4", autoResize: true }),
      "/boot": lib.mkDefault({ device: "/dev/disk/by-label/BOOT", fsType: "ext4", options: BOOT }),
      "/boot/efi": lib.mkDefault({
        device: "/dev/disk/by-label/UEFI",
        fsType: "vfat",
        options: [...BOOT, "umask=0077"],
      }),
    },
  };
}

/** What is not needed after the boot must not keep a machine from coming to where ssh answers. */
const BOOT = ["defaults", "nofail"];
