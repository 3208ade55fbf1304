import { expect, test } from "vitest";
import { DEBIAN_VM, factsOf, NIXOS_SERVER } from "../testing/fake-host.js";

test("a cloud's Debian", () => {
  expect(factsOf(DEBIAN_VM)).toMatchInlineSnapshot(`
    {
      "account": {
        "doas": "password",
        "isRoot": true,
        "sudo": "free",
        "user": "root",
      },
      "addresses": [
        {
          "address": "203.0.113.7",
          "dynamic": true,
          "interface": "eth0",
          "prefixLength": 32,
        },
        {
          "address": "2001:db8:1::1",
          "dynamic": false,
          "interface": "eth0",
          "prefixLength": 64,
        },
      ],
      "architecture": "x86_64",
      "bootLoader": "grub",
      "bootMode": "bios",
      "cores": 2,
      "cpu": {
        "vendor": "GenuineIntel",
      },
      "defaultRoutes": [
        {
          "interface": "eth0",
          "via": "172.31.1.1",
        },
        {
          "interface": "eth0",
          "via": "fe80::1",
        },
      ],
      "disks": [
        {
          "model": "QEMU HARDDISK",
          "name": "sda",
          "partitionTable": "gpt",
          "partitions": [
            {
              "fileSystem": "ext4",
              "label": "my disk",
              "name": "sda1",
              "size": 40704000000,
              "uuid": "0f7a1c1e-5d0f-4c5d-9d0e-0d4b8a0c5a11",
            },
            {
              "fileSystem": "vfat",
              "name": "sda15",
              "size": 256000000,
              "uuid": "7A0C-11E2",
            },
          ],
          "removable": false,
          "rotational": true,
          "serial": "drive-scsi0-0-0-0",
          "size": 40961572864,
        },
      ],
      "hardware": {
        "pci": [
          "1af4:1050",
          "1af4:1048",
        ],
        "storageModules": [
          "sd_mod",
          "virtio_pci",
        ],
      },
      "hostKeys": [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA",
      ],
      "hostname": "web",
      "interfaces": [
        {
          "mac": "96:00:00:00:00:01",
          "name": "eth0",
        },
      ],
      "kernel": "6.1.0-28-amd64",
      "memory": 2062417920,
      "mounts": [
        {
          "device": "/dev/sda1",
          "options": [
            "rw",
            "relatime",
            "errors=remount-ro",
          ],
          "path": "/",
          "root": "/",
          "type": "ext4",
        },
        {
          "device": "/dev/sda15",
          "options": [
            "rw",
            "relatime",
            "fmask=0077",
            "dmask=0077",
            "codepage=437",
            "iocharset=ascii",
            "shortname=mixed",
            "utf8",
            "errors=remount-ro",
          ],
          "path": "/boot/efi",
          "root": "/",
          "type": "vfat",
        },
      ],
      "nameservers": [
        "185.12.64.1",
      ],
      "os": {
        "id": "debian",
        "name": "Debian GNU/Linux 12 (bookworm)",
        "version": "12",
      },
      "swaps": [
        {
          "isFile": true,
          "path": "/swapfile",
          "size": 1073737728,
        },
      ],
      "system": "x86_64-linux",
      "systemd": 252,
      "virtualization": "kvm",
    }
  `);
});

test("a NixOS server with an encrypted disk, as an account that sudo asks for a password", () => {
  expect(factsOf(NIXOS_SERVER)).toMatchInlineSnapshot(`
    {
      "account": {
        "doas": "password",
        "isRoot": false,
        "sudo": "password",
        "user": "admin",
      },
      "addresses": [
        {
          "address": "192.0.2.10",
          "dynamic": false,
          "interface": "enp3s0",
          "prefixLength": 24,
        },
      ],
      "architecture": "x86_64",
      "bootLoader": "systemd-boot",
      "bootMode": "uefi",
      "cores": 1,
      "cpu": {
        "kvm": "kvm-amd",
        "vendor": "AuthenticAMD",
      },
      "defaultRoutes": [
        {
          "interface": "enp3s0",
          "via": "192.0.2.1",
        },
      ],
      "disks": [
        {
          "mapped": {
            "by": "CRYPT",
            "from": [
              "nvme0n1p2",
            ],
            "name": "crypt",
          },
          "name": "dm-0",
          "partitions": [],
          "removable": false,
          "rotational": false,
          "size": 972783222784,
        },
        {
          "model": "Samsung SSD 990 PRO 1TB",
          "name": "nvme0n1",
          "partitionTable": "gpt",
          "partitions": [
            {
              "fileSystem": "vfat",
              "name": "nvme0n1p1",
              "size": 536870912,
              "uuid": "12AB-34CD",
            },
            {
              "fileSystem": "crypto_LUKS",
              "name": "nvme0n1p2",
              "size": 972800000000,
              "uuid": "9a0b",
            },
            {
              "name": "nvme0n1p3",
              "size": 8589934592,
              "uuid": "5e1f",
            },
          ],
          "removable": false,
          "rotational": false,
          "serial": "S6Z1NJ0T123456",
          "size": 1024209543168,
        },
        {
          "name": "nvme1n1",
          "partitions": [],
          "removable": false,
          "rotational": false,
          "size": 2048000000000,
          "uuid": "d474",
        },
      ],
      "hardware": {
        "pci": [
          "144d:a80c",
        ],
        "storageModules": [
          "nvme",
          "usbhid",
        ],
      },
      "hostKeys": [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB",
      ],
      "hostname": "store",
      "interfaces": [
        {
          "mac": "aa:bb:cc:dd:ee:ff",
          "name": "enp3s0",
        },
      ],
      "kernel": "6.12.8",
      "memory": 67379200000,
      "mounts": [
        {
          "device": "/dev/mapper/crypt",
          "options": [
            "rw",
            "noatime",
            "compress=zstd:3",
            "ssd",
            "discard=async",
            "space_cache=v2",
            "subvolid=256",
            "subvol=/@",
          ],
          "path": "/",
          "root": "/@",
          "type": "btrfs",
        },
        {
          "device": "/dev/mapper/crypt",
          "options": [
            "rw",
            "noatime",
            "compress=zstd:3",
            "ssd",
            "subvolid=257",
            "subvol=/@home",
          ],
          "path": "/home",
          "root": "/@home",
          "type": "btrfs",
        },
        {
          "device": "/dev/mapper/crypt",
          "options": [
            "ro",
            "noatime",
            "rw",
            "subvolid=256",
            "subvol=/@",
          ],
          "path": "/nix/store",
          "root": "/@/nix/store",
          "type": "btrfs",
        },
        {
          "device": "/dev/nvme0n1p1",
          "options": [
            "rw",
            "relatime",
            "fmask=0077",
            "dmask=0077",
            "codepage=437",
            "shortname=mixed",
            "utf8",
          ],
          "path": "/boot",
          "root": "/",
          "type": "vfat",
        },
        {
          "device": "/dev/nvme1n1",
          "options": [
            "rw",
            "relatime",
            "inode64",
          ],
          "path": "/srv/my data",
          "root": "/",
          "type": "xfs",
        },
        {
          "device": "/dev/nvme1n1",
          "options": [
            "rw",
            "relatime",
            "inode64",
          ],
          "path": "/export",
          "root": "/exports",
          "type": "xfs",
        },
      ],
      "nameservers": [],
      "nix": "2.28.3",
      "nixos": {
        "currentSystem": "/nix/store/aaaa-nixos-system-store-25.11",
        "version": "25.11.20251118.abcdef",
      },
      "os": {
        "id": "nixos",
        "name": "NixOS 25.11 (Xantusia)",
        "version": "25.11",
      },
      "swaps": [
        {
          "isFile": false,
          "path": "/dev/nvme0n1p3",
          "size": 8589930496,
        },
      ],
      "system": "x86_64-linux",
      "systemd": 257,
      "virtualization": "none",
    }
  `);
});

test("a host with next to nothing tells what it can", () => {
  const bare = factsOf({
    files: { "/proc/1/comm": "init\n", "/proc/meminfo": "", "/proc/cpuinfo": "", "/proc/self/mountinfo": "" },
    programs: {
      uname: "case $1 in -m) echo armv8l ;; *) echo x ;; esac",
      id: "echo 7",
      sudo: "exit 1",
      "systemd-detect-virt": "echo lxc",
    },
  });
  expect(bare).toMatchObject({ system: "armv7l-linux", bootMode: "container", disks: [], mounts: [] });
  expect(bare.systemd).toBeUndefined();
});
