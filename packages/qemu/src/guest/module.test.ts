import { type NixModule, printModule } from "@firn/nix";
import { expect, test } from "vitest";
import { guestModule, mountTag } from "./module.js";

test("a guest boots by GRUB from its virtio disk, and says on its serial port what it does", () => {
  const module = guestModule({
    deployPublicKey: "ssh-ed25519 DEPLOY",
    privateAddress: "10.130.7.2",
    mounts: { "/srv/data": { source: "/home/me/data" } },
  });
  expect(printModule(module as NixModule)).toMatchInlineSnapshot(`
    "{ lib, modulesPath, ... }:
    {
      boot = {
        growPartition = true;
        kernelParams = [ "console=tty0" "console=ttyS0,115200" ];
        loader = {
          grub = {
            devices = [ "/dev/vda" ];
            enable = true;
            extraConfig = ''
              serial --unit=0 --speed=115200
              terminal_input --append serial
              terminal_output --append serial
            '';
          };
          timeout = lib.mkDefault 1;
        };
      };
      fileSystems = {
        "/" = lib.mkDefault { autoResize = true; device = "/dev/vda1"; fsType = "ext4"; };
        "/srv/data" = {
          device = "firn-96b53e47e3fc7c29";
          fsType = "9p";
          options = [ "trans=virtio" "version=9p2000.L" "msize=524288" "nofail" "ro" ];
        };
      };
      imports = [ "\${modulesPath}/profiles/qemu-guest.nix" ];
      networking = {
        interfaces = {
          eth0.useDHCP = true;
          eth1.ipv4.addresses = [ { address = "10.130.7.2"; prefixLength = 24; } ];
        };
        useDHCP = lib.mkDefault false;
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

test("without a private network there is one interface", () => {
  const text = printModule(guestModule({ deployPublicKey: "KEY" }) as NixModule);
  expect(text).toContain("eth0");
  expect(text).not.toContain("eth1");
});

test("the tag of a shared directory fits into what 9p takes, and is its own", () => {
  expect(mountTag(`/${"long/".repeat(40)}`).length).toBeLessThan(32);
  expect(mountTag("/srv/a")).not.toBe(mountTag("/srv/b"));
});
