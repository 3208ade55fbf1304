import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { killAll } from "../../../packages/container/src/cgroup.js";
import {
  createMachine,
  isRunning,
  removeMachine,
  startMachine,
} from "../../../packages/container/src/machine.js";
import { newId, placesOf, readRecord } from "../../../packages/container/src/record.js";
import { siteOf } from "../../../packages/container/src/site.js";
import { type LabDisk, PLUGGED, plugged, UDEVADM } from "../../lab/disks.js";
import { containerOf, type LabContainer } from "../../lab/lab.js";
import { rescueImage } from "../../lab/rescue-image.js";
import { hideNix } from "../plugin/without-nix.js";
import type { Hardware } from "./web-service.js";

/** Where the stand-in keeps what belongs to the hardware. */
const HARDWARE = "/usr/lib/robot";

/**
 * What a dedicated server does when it is switched on: it asks the network first, which gives the rescue system to whom it
 * was activated for, once; then it starts the first disk that has a boot loader. The rescue system runs from memory: nothing
 * is left of an earlier one. What the miniature has of its image, systemd for example, is lent to the disk's system.
 */
const FIRMWARE = `#!/bin/sh
while read -r loop serial; do mknod -m 660 "/dev/$loop" b 7 "\${loop#loop}"; partx --update "/dev/$loop"; done < ${PLUGGED}
udevadm settle
if [ -e ${HARDWARE}/rescue-keys ]; then
  rm -rf /etc/ssh/ssh_host_* /nix /root/.ssh
  mkdir -p /run/sshd && install -d -m 700 /root/.ssh
  mv ${HARDWARE}/rescue-keys /root/.ssh/authorized_keys
  ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
  cp /etc/ssh/ssh_host_ed25519_key.pub ${HARDWARE}/rescue-host-key
  exec /usr/lib/systemd/systemd "$@"
fi
mkdir -p /disk
for node in /dev/loop*p*; do
  [ -b "$node" ] && mount "$node" /disk 2>/dev/null || continue
  init=$(sed -n 's/.* init=\\([^ ]*\\).*/\\1/p' /disk/boot/grub/grub.cfg 2>/dev/null)
  init=\${init%%[!-_./A-Za-z0-9+]*}
  [ -z "$init" ] || break
  umount /disk
done
[ -n "$init" ] || exec sleep infinity
mkdir -p /disk/usr /disk/mnt /disk/dev /disk/proc /disk/sys /disk/run
mount --rbind /usr /disk/usr
for name in bin lib lib64 sbin; do [ -e /disk/$name ] || cp -a /$name /disk/; done
mkdir -p /disk/etc
for name in alternatives pam.d; do [ -e /disk/etc/$name ] || cp -a /etc/$name /disk/etc/; done
for name in dev proc sys; do mount --rbind /$name /disk/$name; done
mount -t tmpfs -o mode=755 run /disk/run
cd /disk
pivot_root . mnt
exec chroot . /bin/sh -c 'umount -l /mnt; exec "$@"' sh "$init"
`;

/** The same loan while the rescue system installs the miniature: its scripts want programs of the image. */
const CHROOT = `#!/bin/sh
mkdir -p "$1/usr"
mountpoint -q "$1/usr" || mount --rbind /usr "$1/usr"
for name in bin lib lib64 sbin; do [ -e "$1/$name" ] || cp -a /$name "$1/"; done
exec /usr/sbin/chroot "$@"
`;

/** A dedicated server, which is a machine on this computer. */
export interface DedicatedServer extends Hardware {
  readonly machine: string;
  box(): LabContainer;
  remove(): Promise<void>;
}

/** Puts a server up, switched on, with disks that nobody has installed anything on. */
export async function dedicatedServer(disks: readonly LabDisk[]): Promise<DedicatedServer> {
  const site = siteOf();
  const machine = newId(["robot", "server"]);
  const image = await rescueImage();
  const prepare = async (root: string) => {
    const put = async (path: string, content: string, mode = 0o644) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content, { mode });
    };
    await put("usr/sbin/init", FIRMWARE, 0o755);
    await put("usr/local/bin/udevadm", UDEVADM, 0o755);
    await put(PLUGGED, plugged(disks));
    await put("usr/local/bin/chroot", CHROOT, 0o755);
    await put("etc/machine-id", `${randomBytes(16).toString("hex")}\n`, 0o444);
    await put(`${HARDWARE}/about`, "");
    await hideNix(image, root);
  };
  const record = await createMachine(site, machine, { hostname: "rescue", image, prepare }, async () => {});
  const { upper, cgroup } = placesOf(site, machine);
  const hostKeyFile = join(upper, HARDWARE, "rescue-host-key");
  let boots = 0;
  return {
    machine,
    address: record.address,
    box: () => containerOf(machine),
    async reset(rescueKeys) {
      await killAll(cgroup);
      rmSync(hostKeyFile, { force: true });
      boots += 1;
      if (rescueKeys !== undefined)
        await writeFile(join(upper, HARDWARE, "rescue-keys"), rescueKeys.map((key) => `${key}\n`).join(""));
      const again = await readRecord(site, machine);
      // The web service answers before the server has booted.
      if (again) void startMachine(site, again).catch(() => {});
    },
    rescueBoot() {
      try {
        const hostKey = readFileSync(hostKeyFile, "utf8").trim();
        return { time: `2026-11-25 10:00:${String(boots).padStart(2, "0")}`, hostKeys: [hostKey] };
      } catch {
        return undefined;
      }
    },
    async remove() {
      if (isRunning(site, machine)) await killAll(cgroup);
      await removeMachine(site, machine);
    },
  };
}
