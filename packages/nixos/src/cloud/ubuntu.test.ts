import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { ubuntuDisk } from "./ubuntu.js";

test("a machine that starts from Ubuntu boots by UEFI, from the file systems that Ubuntu's image has", () => {
  expect(printModule(ubuntuDisk() as NixModule)).toMatchInlineSnapshot(`
    "{ lib, ... }:
    {
      boot = {
        growPartition = true;
        loader = {
          efi.efiSysMountPoint = "/boot/efi";
          grub = {
            configurationLimit = lib.mkDefault 10;
            devices = [ "nodev" ];
            efiInstallAsRemovable = true;
            efiSupport = true;
            enable = true;
          };
        };
      };
      fileSystems = {
        "/" = lib.mkDefault {
          autoResize = true;
          device = "/dev/disk/by-label/cloudimg-rootfs";
          fsType = "ext4";
        };
        "/boot" = lib.mkDefault {
          device = "/dev/disk/by-label/BOOT";
          fsType = "ext4";
          options = [ "defaults" "nofail" ];
        };
        "/boot/efi" = lib.mkDefault {
          device = "/dev/disk/by-label/UEFI";
          fsType = "vfat";
          options = [ "defaults" "nofail" "umask=0077" ];
        };
      };
    }
    "
  `);
});
