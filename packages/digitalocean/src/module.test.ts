import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { digitaloceanModule, routerOf } from "./module.js";

test("a droplet boots by BIOS from its virtio disk", () => {
  const module = digitaloceanModule({ deployPublicKey: "ssh-ed25519 DEPLOY", ipv6Address: undefined });
  expect(printModule(module as unknown as NixModule)).toMatchInlineSnapshot(`
    "{ lib, modulesPath, ... }:
    {
      boot = {
        growPartition = true;
        initrd.kernelModules = [ "virtio_scsi" ];
        kernelModules = [ "virtio_pci" "virtio_net" ];
        kernelParams = [ "console=ttyS0" "console=tty1" "panic=1" "boot.panic_on_fail" ];
        loader.grub = {
          devices = [ "/dev/vda" ];
          enable = true;
        };
      };
      fileSystems."/" = lib.mkDefault { autoResize = true; device = "/dev/vda1"; fsType = "ext4"; };
      imports = [ "\${modulesPath}/profiles/qemu-guest.nix" ];
      networking = {
        useDHCP = lib.mkDefault true;
        usePredictableInterfaceNames = false;
      };
      services = {
        do-agent.enable = lib.mkDefault true;
        openssh.enable = true;
      };
      users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 DEPLOY" ];
    }
    "
  `);
});

test.each([
  ["2604:a880:800:10::2dd:4001", "2604:a880:800:10::1"],
  ["2604:a880:0800:0010:0000:0000:02dd:4001", "2604:a880:0800:0010::1"],
  ["2604:a880::2dd:4001", "2604:a880:0:0::1"],
])("the router of %s is %s", (address, router) => {
  expect(routerOf(address)).toBe(router);
});
