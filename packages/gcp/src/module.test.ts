import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { gcpModule } from "./module.js";

const args = { deployPublicKey: "ssh-ed25519 DEPLOY", mtu: 1460, disk: "ubuntu" as const };

test("an instance has what nixpkgs' google-compute-config.nix has, but what the configuration says itself", () => {
  const module = gcpModule({ ...args, system: "x86_64-linux" });
  expect(printModule(module as NixModule)).toMatchInlineSnapshot(`
    "{ lib, pkgs, modulesPath, ... }:
    {
      boot = {
        initrd.availableKernelModules = [ "nvme" "sd_mod" "virtio_pci" "virtio_scsi" ];
        kernelModules = [ "virtio_pci" "virtio_net" ];
        kernelParams = [ "console=ttyS0" "panic=1" "boot.panic_on_fail" ];
      };
      environment.etc."default/instance_configs.cfg".text = ''
        [Daemons]
        accounts_daemon = false

        [InstanceSetup]
        set_host_keys = false

        [NetworkInterfaces]
        setup = false
      '';
      imports = [
        "\${modulesPath}/profiles/qemu-guest.nix"
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
        hosts."169.254.169.254" = [ "metadata.google.internal" ];
        interfaces.eth0.mtu = 1460;
        timeServers = lib.mkDefault [ "metadata.google.internal" ];
        useDHCP = lib.mkDefault true;
        usePredictableInterfaceNames = false;
      };
      services = {
        openssh.enable = true;
        udev = {
          packages = [ pkgs.google-guest-configs ];
          path = [ pkgs.google-guest-configs ];
        };
      };
      systemd = {
        packages = [ pkgs.google-guest-agent ];
        services.google-guest-agent = {
          restartTriggers = [
            ''
              [Daemons]
              accounts_daemon = false

              [InstanceSetup]
              set_host_keys = false

              [NetworkInterfaces]
              setup = false
            ''
          ];
          wantedBy = [ "multi-user.target" ];
        };
      };
      users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 DEPLOY" ];
    }
    "
  `);
});

test("an Arm instance has the console that its firmware names", () => {
  expect(printModule(gcpModule({ ...args, system: "aarch64-linux" }) as NixModule)).not.toContain("console=");
});

test("an instance that starts from nixpkgs' own image has that image's disk", () => {
  const module = printModule(gcpModule({ ...args, disk: "nixos", system: "x86_64-linux" }) as NixModule);
  expect(module).toContain('device = "/dev/disk/by-label/nixos"');
  expect(module).toContain('devices = [ "/dev/sda" ]');
  expect(module).not.toContain("/boot/efi");
});
