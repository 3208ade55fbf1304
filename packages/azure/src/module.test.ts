import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { azureModule } from "./module.js";

const args = { deployPublicKey: "ssh-ed25519 DEPLOY", luns: [] };

test("a virtual machine has what nixpkgs' azure-common.nix has, but the agent", () => {
  const module = azureModule({ ...args, system: "x86_64-linux" });
  expect(printModule(module as NixModule)).toMatchInlineSnapshot(`
    "{ lib, ... }:
    {
      boot = {
        initrd = {
          availableKernelModules = [ "nvme" "pci_hyperv" "sd_mod" ];
          kernelModules = [ "hv_vmbus" "hv_netvsc" "hv_utils" "hv_storvsc" ];
        };
        kernelParams = [ "console=ttyS0" "rootdelay=300" "panic=1" "boot.panic_on_fail" ];
      };
      imports = [
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
      ];
      networking = {
        interfaces.eth0.useDHCP = true;
        useDHCP = lib.mkDefault false;
        usePredictableInterfaceNames = false;
      };
      services.openssh.enable = true;
      users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 DEPLOY" ];
    }
    "
  `);
});

test("data disks have the names that Azure's own rules give them, on SCSI and on NVMe", () => {
  const module = azureModule({ ...args, luns: [7], system: "x86_64-linux" });
  expect(module.services).toMatchInlineSnapshot(`
    {
      "openssh": {
        "enable": true,
      },
      "udev": {
        "extraRules": "SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", ATTRS{device_id}=="{f8b3781b-1e82-4818-a1c3-63d806ec15bb}", ENV{AZURE_DISK}="data"
    SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", ENV{AZURE_DISK}=="data", KERNELS=="*:0:0:7", SYMLINK+="disk/azure/data/by-lun/7"
    SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", ATTR{nsid}=="9", ATTRS{model}=="MSFT NVMe Accelerator*", SYMLINK+="disk/azure/data/by-lun/7"",
      },
    }
  `);
});

test("an Arm machine has Arm's console", () => {
  expect(printModule(azureModule({ ...args, system: "aarch64-linux" }) as NixModule)).toContain(
    "console=ttyAMA0",
  );
});
