import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HostFacts } from "../facts/facts.js";
import { parseFacts } from "../facts/parse.js";

const SCRIPT = fileURLToPath(new URL("../../scripts/facts.sh", import.meta.url));

/** A computer as `facts.sh` sees it. */
export interface FakeHost {
  /** Files by absolute path; `-> target` makes a link. */
  readonly files: Readonly<Record<string, string>>;
  /** Shell scripts that take the place of programs. */
  readonly programs: Readonly<Record<string, string>>;
}

/** Runs `facts.sh`, as it is, in a made-up tree of /sys, /proc, /etc and /run. */
export function factsOf({ files, programs }: FakeHost): HostFacts {
  const root = mkdtempSync(join(tmpdir(), "firn-facts-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      if (content.startsWith("-> ")) symlinkSync(content.slice(3), file);
      else writeFileSync(file, content);
    }
    const bin = join(root, "fake-bin");
    mkdirSync(bin);
    for (const [name, script] of Object.entries(programs))
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const stdout = execFileSync("/bin/sh", [SCRIPT, root], {
      encoding: "utf8",
      env: { PATH: `${bin}:/usr/bin:/bin` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return parseFacts(stdout.replaceAll(root, ""));
  } finally {
    rmSync(root, { recursive: true });
  }
}

const udev = (properties: Record<string, string>) =>
  Object.entries(properties)
    .map(([name, value]) => `E:${name}=${value}\n`)
    .join("");

/** Programs that every one of them has, and what they say about an account without sudo. */
const COMMON = {
  sudo: 'echo "sudo: a password is required" >&2; exit 1',
  doas: "exit 1",
  "nix-store": "exit 127",
};

/** A cloud's Debian: KVM, BIOS, one virtio disk, DHCP, root. */
export const DEBIAN_VM: FakeHost = {
  programs: {
    ...COMMON,
    uname: "case $1 in -n) echo web ;; -m) echo x86_64 ;; -r) echo 6.1.0-28-amd64 ;; esac",
    id: "case $1 in -un) echo root ;; -u) echo 0 ;; esac",
    systemctl: 'echo "systemd 252 (252.38-1~deb12u1)"; echo "+PAM +AUDIT"',
    "systemd-detect-virt": "echo kvm",
    sudo: "exit 0",
    ip: `case "$*" in
*address*)
  echo '2: eth0    inet 203.0.113.7/32 brd 203.0.113.7 scope global dynamic eth0\\       valid_lft 86000sec preferred_lft 86000sec'
  echo '2: eth0    inet6 2001:db8:1::1/64 scope global \\       valid_lft forever preferred_lft forever' ;;
*-4*) echo 'default via 172.31.1.1 dev eth0 proto dhcp src 203.0.113.7' ;;
*-6*) echo 'default via fe80::1 dev eth0 metric 1024 pref medium' ;;
esac`,
  },
  files: {
    "/proc/meminfo": "MemTotal:        2014080 kB\nMemFree:          900000 kB\n",
    "/proc/cpuinfo":
      "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vme msr\nprocessor\t: 1\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vme msr\n",
    "/proc/1/comm": "systemd\n",
    "/proc/self/mountinfo": `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
23 22 0:21 / /proc rw,nosuid shared:2 - proc proc rw
24 22 8:15 / /boot/efi rw,relatime shared:3 - vfat /dev/sda15 rw,fmask=0077,dmask=0077,codepage=437,iocharset=ascii,shortname=mixed,utf8,errors=remount-ro
25 22 0:22 / /run rw,nosuid shared:4 - tmpfs tmpfs rw
`,
    "/proc/swaps":
      "Filename\tType\tSize\tUsed\tPriority\n/swapfile                               file\t\t1048572\t\t0\t\t-2\n",
    "/etc/os-release":
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
    "/etc/resolv.conf": "nameserver 185.12.64.1\n",
    "/etc/ssh/ssh_host_ed25519_key.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA root@web\n",
    "/boot/grub/grub.cfg": "",
    "/sys/block/sda/dev": "8:0\n",
    "/sys/block/sda/size": "80003072\n",
    "/sys/block/sda/removable": "0\n",
    "/sys/block/sda/queue/rotational": "1\n",
    "/sys/block/sda/device/model": "QEMU HARDDISK   \n",
    "/sys/block/sda/sda1/partition": "1\n",
    "/sys/block/sda/sda1/dev": "8:1\n",
    "/sys/block/sda/sda1/size": "79500000\n",
    "/sys/block/sda/sda15/partition": "15\n",
    "/sys/block/sda/sda15/dev": "8:15\n",
    "/sys/block/sda/sda15/size": "500000\n",
    "/sys/block/loop0/size": "100\n",
    "/run/udev/data/b8:0": udev({ ID_SERIAL_SHORT: "drive-scsi0-0-0-0", ID_PART_TABLE_TYPE: "gpt" }),
    "/run/udev/data/b8:1": udev({ ID_FS_TYPE: "ext4" }),
    "/run/udev/data/b8:15": udev({ ID_FS_TYPE: "vfat" }),
    "/dev/disk/by-uuid/0f7a1c1e-5d0f-4c5d-9d0e-0d4b8a0c5a11": "-> ../../sda1",
    "/dev/disk/by-uuid/7A0C-11E2": "-> ../../sda15",
    "/dev/disk/by-label/my\\x20disk": "-> ../../sda1",
    "/sys/class/net/eth0/device": "",
    "/sys/class/net/eth0/address": "96:00:00:00:00:01\n",
    "/sys/class/net/lo/address": "00:00:00:00:00:00\n",
    "/sys/bus/pci/devices/0000:00:05.0/class": "0x010000\n",
    "/sys/bus/pci/devices/0000:00:05.0/vendor": "0x1af4\n",
    "/sys/bus/pci/devices/0000:00:05.0/device": "0x1048\n",
    "/sys/bus/pci/devices/0000:00:05.0/driver/module": "-> ../../../../../module/virtio_pci",
    "/sys/bus/pci/devices/0000:00:02.0/class": "0x030000\n",
    "/sys/bus/pci/devices/0000:00:02.0/vendor": "0x1af4\n",
    "/sys/bus/pci/devices/0000:00:02.0/device": "0x1050\n",
    "/sys/bus/pci/devices/0000:00:02.0/driver/module": "-> ../../../../../module/virtio_gpu",
    "/sys/module/virtio_pci/x": "",
    "/sys/module/virtio_gpu/x": "",
    "/sys/class/block/sda/device/driver/module": "-> ../../../../../module/sd_mod",
    "/sys/module/sd_mod/x": "",
  },
};

/** Somebody's NixOS server: UEFI with systemd-boot, an encrypted btrfs on NVMe, a fixed address, an account with sudo. */
export const NIXOS_SERVER: FakeHost = {
  programs: {
    ...COMMON,
    uname: "case $1 in -n) echo store ;; -m) echo x86_64 ;; -r) echo 6.12.8 ;; esac",
    id: "case $1 in -un) echo admin ;; -u) echo 1000 ;; esac",
    systemctl: 'echo "systemd 257 (257.3)"',
    "systemd-detect-virt": "echo none; exit 1",
    "nix-store": 'echo "nix-store (Nix) 2.28.3"',
    ip: `case "$*" in
*address*) echo '2: enp3s0    inet 192.0.2.10/24 brd 192.0.2.255 scope global enp3s0\\       valid_lft forever preferred_lft forever' ;;
*-4*) echo 'default via 192.0.2.1 dev enp3s0 proto static' ;;
esac`,
  },
  files: {
    "/proc/meminfo": "MemTotal:       65800000 kB\n",
    "/proc/cpuinfo": "processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu svm sse4a\n",
    "/proc/1/comm": "systemd\n",
    "/proc/self/mountinfo": `30 1 0:25 /@ / rw,noatime shared:1 - btrfs /dev/mapper/crypt rw,compress=zstd:3,ssd,discard=async,space_cache=v2,subvolid=256,subvol=/@
31 30 0:25 /@home /home rw,noatime shared:2 - btrfs /dev/mapper/crypt rw,compress=zstd:3,ssd,subvolid=257,subvol=/@home
32 30 0:25 /@/nix/store /nix/store ro,noatime shared:3 - btrfs /dev/mapper/crypt rw,subvolid=256,subvol=/@
33 30 259:1 / /boot rw,relatime shared:4 - vfat /dev/nvme0n1p1 rw,fmask=0077,dmask=0077,codepage=437,shortname=mixed,utf8
34 30 259:9 / /srv/my\\040data rw,relatime shared:5 - xfs /dev/nvme1n1 rw,inode64
35 34 259:9 /exports /export rw,relatime shared:6 - xfs /dev/nvme1n1 rw,inode64
`,
    "/proc/swaps": "Filename\tType\tSize\tUsed\tPriority\n/dev/nvme0n1p3  partition\t8388604\t0\t-2\n",
    "/etc/os-release": 'ID=nixos\nVERSION_ID="25.11"\nPRETTY_NAME="NixOS 25.11 (Xantusia)"\n',
    "/etc/ssh/ssh_host_ed25519_key.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB\n",
    "/nix/store/aaaa-nixos-system-store-25.11/nixos-version": "25.11.20251118.abcdef\n",
    "/nix/store/aaaa-nixos-system-store-25.11/activate": "",
    "/run/current-system": "-> ../nix/store/aaaa-nixos-system-store-25.11",
    "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f":
      "\u0006\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \x002\x005\x007\0",
    "/sys/block/nvme0n1/dev": "259:0\n",
    "/sys/block/nvme0n1/size": "2000409264\n",
    "/sys/block/nvme0n1/removable": "0\n",
    "/sys/block/nvme0n1/queue/rotational": "0\n",
    "/sys/block/nvme0n1/device/model": "Samsung SSD 990 PRO 1TB                 \n",
    "/sys/block/nvme0n1/device/serial": "S6Z1NJ0T123456      \n",
    "/sys/block/nvme0n1/nvme0n1p1/partition": "1\n",
    "/sys/block/nvme0n1/nvme0n1p1/dev": "259:1\n",
    "/sys/block/nvme0n1/nvme0n1p1/size": "1048576\n",
    "/sys/block/nvme0n1/nvme0n1p2/partition": "2\n",
    "/sys/block/nvme0n1/nvme0n1p2/dev": "259:2\n",
    "/sys/block/nvme0n1/nvme0n1p2/size": "1900000000\n",
    "/sys/block/nvme0n1/nvme0n1p3/partition": "3\n",
    "/sys/block/nvme0n1/nvme0n1p3/dev": "259:3\n",
    "/sys/block/nvme0n1/nvme0n1p3/size": "16777216\n",
    "/sys/block/nvme1n1/dev": "259:9\n",
    "/sys/block/nvme1n1/size": "4000000000\n",
    "/sys/block/nvme1n1/removable": "0\n",
    "/sys/block/nvme1n1/queue/rotational": "0\n",
    "/sys/block/dm-0/dev": "254:0\n",
    "/sys/block/dm-0/size": "1899967232\n",
    "/sys/block/dm-0/removable": "0\n",
    "/sys/block/dm-0/queue/rotational": "0\n",
    "/sys/block/dm-0/dm/name": "crypt\n",
    "/sys/block/dm-0/dm/uuid": "CRYPT-LUKS2-9a0b-crypt\n",
    "/sys/block/dm-0/slaves/nvme0n1p2": "",
    "/run/udev/data/b259:0": udev({ ID_PART_TABLE_TYPE: "gpt" }),
    "/run/udev/data/b259:1": udev({ ID_FS_TYPE: "vfat" }),
    "/run/udev/data/b259:2": udev({ ID_FS_TYPE: "crypto_LUKS" }),
    "/dev/disk/by-uuid/12AB-34CD": "-> ../../nvme0n1p1",
    "/dev/disk/by-uuid/9a0b": "-> ../../nvme0n1p2",
    "/dev/disk/by-uuid/5e1f": "-> ../../nvme0n1p3",
    "/dev/disk/by-uuid/d474": "-> ../../nvme1n1",
    "/sys/class/net/enp3s0/device": "",
    "/sys/class/net/enp3s0/address": "aa:bb:cc:dd:ee:ff\n",
    "/sys/bus/usb/devices/1-1:1.0/bInterfaceClass": "03\n",
    "/sys/bus/usb/devices/1-1:1.0/bInterfaceProtocol": "01\n",
    "/sys/bus/usb/devices/1-1:1.0/driver/module": "-> ../../../../../module/usbhid",
    "/sys/module/usbhid/x": "",
    "/sys/bus/pci/devices/0000:01:00.0/class": "0x010802\n",
    "/sys/bus/pci/devices/0000:01:00.0/vendor": "0x144d\n",
    "/sys/bus/pci/devices/0000:01:00.0/device": "0xa80c\n",
    "/sys/bus/pci/devices/0000:01:00.0/driver/module": "-> ../../../../../module/nvme",
    "/sys/module/nvme/x": "",
  },
};
