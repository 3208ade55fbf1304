import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { mustRun } from "../run.mjs";

const advice = "Check that the disk has room, then run this again.";
const SECTOR = 512;
/** As in Debian's cloud images: root is the first partition and the last one on the disk, so that it can grow. */
const PARTITIONS = {
  bios: { start: 2048, size: 6144 },
  efi: { start: 8192, size: 253952 },
  root: { start: 262144 },
};
const SECTORS = (2 * 1024 * 1024 * 1024) / SECTOR;

const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev
for pass in 1 2 3; do for module in /modules/*.ko; do insmod $module 2>/dev/null; done; done
tries=0; while [ ! -b /dev/vda1 ] && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
mount -t ext4 /dev/vda1 /root && exec switch_root /root /lib/systemd/systemd
echo "no root file system on /dev/vda1"; exit 1
`;

/** Reads a NoCloud seed as cloud-init does: host keys, keys of root, host name. */
const SEED = `#!/bin/sh
set -eu
device=$(blkid -t LABEL=cidata -o device | head -n 1)
[ -n "$device" ] && [ ! -e /var/lib/firn-seeded ] || exit 0
mkdir -p /run/seed
mount -t iso9660 -o ro "$device" /run/seed
config=$(tail -n +2 /run/seed/user-data)
said() { printf '%s' "$config" | jq -r "$1"; }
umask 077
said '.ssh_keys.ed25519_private' > /etc/ssh/ssh_host_ed25519_key
said '.ssh_keys.ed25519_public' > /etc/ssh/ssh_host_ed25519_key.pub
mkdir -p /root/.ssh
said '.ssh_authorized_keys[]?' > /root/.ssh/authorized_keys
name=$(jq -r '."local-hostname"' /run/seed/meta-data)
umask 022
echo "$name" > /etc/hostname
hostname "$name"
umount /run/seed
systemd-machine-id-setup
touch /var/lib/firn-seeded
`;

const DHCP = `#!/bin/sh
case $1 in
bound | renew)
  ip address flush dev "$interface"
  ip address add "$ip/\${mask:-24}" dev "$interface"
  for gateway in $router; do ip route replace default via "$gateway" dev "$interface"; done
  ;;
esac
`;

const unit = (/** @type {string} */ rest) => `[Unit]\nDefaultDependencies=no\n${rest}`;
/** @type {Record<string, [string, number]>} */
const FILES = {
  "usr/lib/firn-lab/seed": [SEED, 0o755],
  "usr/lib/firn-lab/dhcp": [DHCP, 0o755],
  "usr/lib/systemd/system/lab-seed.service": [
    unit(
      "Before=sshd.service\nAfter=systemd-tmpfiles-setup.service\n[Service]\nType=oneshot\nExecStart=/usr/lib/firn-lab/seed\nStandardError=journal+console\n",
    ),
    0o644,
  ],
  "usr/lib/systemd/system/lab-dhcp.service": [
    unit(
      "Before=network.target\n[Service]\nType=forking\nExecStart=/bin/sh -c 'ip link set lo up; ip link set eth0 up; exec busybox udhcpc -b -i eth0 -s /usr/lib/firn-lab/dhcp'\n",
    ),
    0o644,
  ],
  "etc/fstab": ["/dev/vda1 / ext4 defaults 0 1\n", 0o644],
  // As update-grub writes it, in what matters: an entry that is started once comes first.
  "boot/grub/grub.cfg": [
    `if [ -s $prefix/grubenv ]; then
  load_env
fi
if [ "\${next_entry}" ] ; then
  set default="\${next_entry}"
  set next_entry=
  save_env next_entry
else
  set default="0"
fi
serial --unit=0 --speed=115200
terminal_output serial
set timeout=0
menuentry 'Debian GNU/Linux' --class debian {
  linux /boot/vmlinuz root=/dev/vda1 console=ttyS0,115200 panic=10 audit=0
  initrd /boot/initrd.img
}
`,
    0o644,
  ],
};

/**
 * Makes a disk that boots Debian by BIOS and GRUB, with the partitions of Debian's cloud images.
 *
 * @param {{ root: string, kernel: string, busybox: string, target: string, work: string }} places the root file system,
 *   which is changed; an unpacked kernel; a static busybox; the qcow2 image to make; a directory for what is left over
 */
export async function makeDisk({ root, kernel, busybox, target, work }) {
  for (const [path, [text, mode]] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), mode);
  }
  for (const name of ["lab-seed", "lab-dhcp"])
    symlinkSync(
      `../${name}.service`,
      join(root, `usr/lib/systemd/system/multi-user.target.wants/${name}.service`),
    );
  copyFileSync(join(kernel, "bzImage"), join(root, "boot/vmlinuz"));
  writeFileSync(join(root, "boot/initrd.img"), await initialRamdisk(kernel, busybox, work));
  const grub = "/usr/lib/grub/i386-pc";
  const modules = ["biosdisk", "part_gpt", "ext2"];
  const core = ["grub-mkimage", "-d", grub, "-O", "i386-pc", "-o", "/core.img", "-p", "(hd0,gpt1)/boot/grub"];
  await mustRun("chroot", [root, ...core, ...modules], { advice });
  await mustRun("chroot", [root, "grub-editenv", "/boot/grub/grubenv", "create"], { advice });
  mkdirSync(join(root, "boot/grub/i386-pc"), { recursive: true });
  for (const file of readdirSync(join(root, grub)).filter((name) => /\.(mod|lst)$/.test(name)))
    copyFileSync(join(root, grub, file), join(root, "boot/grub/i386-pc", file));
  const coreImage = readFileSync(join(root, "core.img"));
  const bootSector = readFileSync(join(root, grub, "boot.img"));
  rmSync(join(root, "core.img"));

  const raw = join(work, "disk.raw");
  const { bios, efi, root: first } = PARTITIONS;
  const rootSectors = SECTORS - first.start - 2048;
  writeFileSync(raw, "");
  await mustRun("truncate", ["--size", String(SECTORS * SECTOR), raw], { advice });
  await mustRun(
    "sh",
    [
      "-c",
      `printf '%s' "$2" | sfdisk --quiet "$1"`,
      "sh",
      raw,
      `label: gpt
1: start=${first.start}, size=${rootSectors}, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4
14: start=${bios.start}, size=${bios.size}, type=21686148-6449-6E6F-744E-656564454649
15: start=${efi.start}, size=${efi.size}, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
`,
    ],
    { advice },
  );
  const file = ["-q", "-F", "-L", "root", "-m", "0", "-O", "^metadata_csum_seed,^orphan_file", "-d", root];
  const place = [
    "-E",
    `offset=${first.start * SECTOR},lazy_itable_init=1`,
    raw,
    `${(rootSectors * SECTOR) / 1024}k`,
  ];
  await mustRun("mkfs.ext4", [...file, ...place], { advice });
  installGrub(raw, bootSector, coreImage, bios.start);
  await mustRun("qemu-img", ["convert", "-O", "qcow2", raw, target], { advice });
}

/**
 * What grub-install writes outside of file systems (GRUB's grub-core/boot/i386/pc: boot.S, diskboot.S): the boot sector
 * names the first sector of the core image, and that one where the rest is.
 *
 * @param {string} disk @param {Buffer} bootSector @param {Buffer} core @param {number} start sector of the BIOS boot partition
 */
function installGrub(disk, bootSector, core, start) {
  const boot = Buffer.from(bootSector.subarray(0, 440));
  boot.writeBigUInt64LE(BigInt(start), 0x5c);
  // Debian's grub-setup does the same for hard disks: boot.S would ask the BIOS which drive it is on otherwise.
  boot.writeUInt16LE(0x9090, 0x66);
  core.writeBigUInt64LE(BigInt(start + 1), 0x1f4);
  const descriptor = openSync(disk, "r+");
  writeSync(descriptor, boot, 0, boot.length, 0);
  writeSync(descriptor, core, 0, core.length, start * SECTOR);
  closeSync(descriptor);
}

/** @param {string} kernel @param {string} busybox @param {string} work */
async function initialRamdisk(kernel, busybox, work) {
  const tree = join(work, "initrd");
  for (const name of ["bin", "dev", "modules", "proc", "root", "sys"])
    mkdirSync(join(tree, name), { recursive: true });
  copyFileSync(busybox, join(tree, "bin/busybox"));
  chmodSync(join(tree, "bin/busybox"), 0o755);
  for (const name of readdirSync(join(kernel, "modules")))
    copyFileSync(join(kernel, "modules", name), join(tree, "modules", name));
  writeFileSync(join(tree, "init"), INIT);
  chmodSync(join(tree, "init"), 0o755);
  const archive = join(work, "initrd.cpio");
  const pack = `cd "$2" && find . | "$1" cpio -o -H newc > "$3"`;
  await mustRun("sh", ["-c", pack, "sh", busybox, tree, archive], { advice });
  return gzipSync(readFileSync(archive), { level: 1 });
}
