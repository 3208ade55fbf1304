import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { hcloudModule } from "./module.js";

const args = { deployPublicKey: "ssh-ed25519 DEPLOY", ipv6Address: "2001:db8:1::1" };

test("an Intel or AMD server boots by BIOS", () => {
  expect(printModule(hcloudModule({ ...args, system: "x86_64-linux" }) as NixModule)).toMatchInlineSnapshot(`
    "{ lib, modulesPath, ... }:
    {
      boot = {
        growPartition = true;
        initrd.availableKernelModules = [ "sd_mod" "sr_mod" "virtio_pci" "virtio_scsi" "xhci_pci" ];
        kernelParams = [ "console=ttyS0" "console=tty1" ];
        loader = {
          efi.efiSysMountPoint = "/boot/efi";
          grub = {
            devices = [ "/dev/sda" ];
            efiInstallAsRemovable = false;
            efiSupport = false;
            enable = true;
          };
        };
      };
      fileSystems."/" = lib.mkDefault { autoResize = true; device = "/dev/sda1"; fsType = "ext4"; };
      imports = [ "\${modulesPath}/profiles/qemu-guest.nix" ];
      networking = {
        defaultGateway6 = {
          address = "fe80::1";
          interface = "eth0";
        };
        interfaces.eth0 = {
          ipv4.addresses = [ ];
          ipv6.addresses = [ { address = "2001:db8:1::1"; prefixLength = 64; } ];
          useDHCP = true;
        };
        useDHCP = lib.mkDefault true;
        usePredictableInterfaceNames = false;
      };
      services = {
        openssh.enable = true;
        qemuGuest.enable = lib.mkDefault true;
      };
      users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 DEPLOY" ];
    }
    "
  `);
});

test("an Arm server boots by UEFI, from the partition that Hetzner's Debian has for it", () => {
  const module = printModule(
    hcloudModule({ ...args, system: "aarch64-linux", floatingIp: "203.0.113.9" }) as NixModule,
  );
  expect(module).toContain("efiInstallAsRemovable = true");
  expect(module).toContain('devices = [ "nodev" ]');
  expect(module).toContain('"/boot/efi" = lib.mkDefault { device = "/dev/sda15"; fsType = "vfat"; }');
  expect(module).toMatch(/address = "203\.0\.113\.9";\s*prefixLength = 32;/);
});
