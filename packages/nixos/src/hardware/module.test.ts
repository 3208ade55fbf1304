import type { HostFacts } from "@firn/host";
import { printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { DEBIAN_VM, type FakeHost, factsOf, NIXOS_SERVER } from "../../../host/src/testing/fake-host.js";
import { hardwareModule } from "./module.js";

const printed = (facts: HostFacts) => printModule(hardwareModule("web", facts));
const changed = (host: FakeHost, files: Record<string, string>) =>
  factsOf({ ...host, files: { ...host.files, ...files } });

test("a virtual machine that boots by BIOS and asks DHCP", () => {
  expect(printed(factsOf(DEBIAN_VM))).toMatchInlineSnapshot(`
    "{ lib, modulesPath, ... }:
    {
      boot = {
        initrd.availableKernelModules = [ "sd_mod" "virtio_pci" ];
        kernelModules = [ ];
        loader.grub = {
          device = lib.mkDefault "/dev/sda";
          enable = lib.mkDefault true;
        };
      };
      fileSystems = {
        "/" = {
          device = lib.mkDefault "/dev/disk/by-uuid/0f7a1c1e-5d0f-4c5d-9d0e-0d4b8a0c5a11";
          fsType = lib.mkDefault "ext4";
        };
        "/boot/efi" = {
          device = lib.mkDefault "/dev/disk/by-uuid/7A0C-11E2";
          fsType = lib.mkDefault "vfat";
          options = [ "fmask=0077" "dmask=0077" ];
        };
      };
      imports = [ "\${modulesPath}/profiles/qemu-guest.nix" ];
      networking = {
        useDHCP = lib.mkDefault true;
        usePredictableInterfaceNames = lib.mkDefault false;
      };
      swapDevices = [ { device = "/swapfile"; size = 1024; } ];
    }
    "
  `);
});

test("a server with UEFI, an encrypted btrfs, a bind mount and a fixed address", () => {
  expect(printed(factsOf(NIXOS_SERVER))).toMatchInlineSnapshot(`
    "{ config, lib, modulesPath, ... }:
    {
      boot = {
        initrd = {
          availableKernelModules = [ "nvme" "usbhid" ];
          luks.devices.crypt.device = lib.mkDefault "/dev/disk/by-uuid/9a0b";
        };
        kernelModules = [ "kvm-amd" ];
        loader = {
          efi.canTouchEfiVariables = lib.mkDefault true;
          systemd-boot.enable = lib.mkDefault true;
        };
      };
      fileSystems = {
        "/" = {
          device = lib.mkDefault "/dev/mapper/crypt";
          fsType = lib.mkDefault "btrfs";
          options = [ "noatime" "compress=zstd:3" "subvol=/@" ];
        };
        "/boot" = {
          device = lib.mkDefault "/dev/disk/by-uuid/12AB-34CD";
          fsType = lib.mkDefault "vfat";
          options = [ "fmask=0077" "dmask=0077" ];
        };
        "/export" = {
          device = "/srv/my data/exports";
          fsType = "none";
          options = [ "bind" ];
        };
        "/home" = {
          device = lib.mkDefault "/dev/mapper/crypt";
          fsType = lib.mkDefault "btrfs";
          options = [ "noatime" "compress=zstd:3" "subvol=/@home" ];
        };
        "/srv/my data" = {
          device = lib.mkDefault "/dev/disk/by-uuid/d474";
          fsType = lib.mkDefault "xfs";
        };
      };
      hardware.cpu.amd.updateMicrocode = lib.mkDefault config.hardware.enableRedistributableFirmware;
      imports = [ "\${modulesPath}/installer/scan/not-detected.nix" ];
      networking = {
        defaultGateway = lib.mkDefault { address = "192.0.2.1"; interface = "enp3s0"; };
        interfaces.enp3s0 = {
          ipv4.addresses = [ { address = "192.0.2.10"; prefixLength = 24; } ];
          ipv6.addresses = [ ];
        };
        useDHCP = lib.mkDefault false;
      };
      swapDevices = [ { device = "/dev/disk/by-uuid/5e1f"; } ];
    }
    "
  `);
});

test("a container says that it is one, and nothing of disks", () => {
  const facts = factsOf({
    ...DEBIAN_VM,
    programs: { ...DEBIAN_VM.programs, "systemd-detect-virt": "echo lxc" },
  });
  expect(printed(facts)).toMatchInlineSnapshot(`
    "{ ... }:
    {
      boot = {
        isContainer = true;
        loader.initScript.enable = true;
      };
      networking.useDHCP = false;
    }
    "
  `);
});

test("GRUB is installed on every disk under /boot: LVM on two disks of a mirror", () => {
  const facts = factsOf(DEBIAN_VM);
  const disk = { size: 1, removable: false, rotational: false, partitions: [] };
  const text = printed({
    ...facts,
    mounts: [{ path: "/", device: "/dev/mapper/vg-root", type: "ext4", options: [], root: "/" }],
    disks: [
      { ...disk, name: "sda", partitions: [{ name: "sda1", size: 1 }] },
      { ...disk, name: "sdb", partitions: [{ name: "sdb1", size: 1 }] },
      { ...disk, name: "dm-0", mapped: { name: "vg-root", by: "LVM", from: ["sda1", "sdb1"] } },
    ],
  });
  expect(text).toContain('devices = [ "/dev/sda" "/dev/sdb" ]');
  expect(text).toContain('kernelModules = [ "dm-snapshot" ]');
  expect(text).toContain('device = lib.mkDefault "/dev/mapper/vg-root"');
});

test("what cannot be told is an error that says what to do", () => {
  const uefi = {
    "/sys/firmware/efi/fw_platform_size": "64",
    "/proc/self/mountinfo": "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
  };
  expect(() => printed(changed(DEBIAN_VM, uefi))).toThrow(
    "web boots through UEFI, but its EFI system partition is mounted at none of /boot, /boot/efi and /efi.",
  );
  expect(() => printed(changed(DEBIAN_VM, { "/proc/self/mountinfo": "" }))).toThrow(
    "web: its root file system is on no disk",
  );
});
