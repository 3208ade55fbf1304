import { expect, test } from "vitest";
import { DEBIAN_VM, factsOf } from "../../../host/src/testing/fake-host.js";
import { summary } from "./summary.js";

test("facts for people", () => {
  expect(summary(factsOf(DEBIAN_VM)).join("\n")).toMatchInlineSnapshot(`
    "system    Debian GNU/Linux 12 (bookworm), x86_64-linux, kernel 6.1.0-28-amd64
    boots     BIOS, grub
    computer  2 cores, 1.9 GiB of memory, virtualised by kvm
    nix       none
    systemd   252
    account   root
    address   203.0.113.7/32 on eth0, dynamic
              2001:db8:1::1/64 on eth0
    disk      sda 38.1 GiB, QEMU HARDDISK, serial drive-scsi0-0-0-0: sda1 37.9 GiB ext4; sda15 244 MiB vfat
    mount     /: ext4 on /dev/sda1
              /boot/efi: vfat on /dev/sda15
    host key  ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA"
  `);
});
