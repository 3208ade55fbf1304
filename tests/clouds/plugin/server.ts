import { randomBytes } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { takeAddress } from "../../../packages/container/src/addresses.js";
import { killAll } from "../../../packages/container/src/cgroup.js";
import { COMPUTER_LOCK, withLock } from "../../../packages/container/src/lock.js";
import {
  createMachine,
  isRunning,
  removeMachine,
  startMachine,
} from "../../../packages/container/src/machine.js";
import { newId, placesOf, readRecord } from "../../../packages/container/src/record.js";
import { run } from "../../../packages/container/src/run.js";
import { rememberSite, siteOf } from "../../../packages/container/src/site.js";
import { containerOf } from "../../lab/lab.js";
import { eventually } from "../../lab/probe.js";
import { linkImage } from "../../links/image.js";
import { BOOTED, type FirstBoot, firstBootScript } from "./first-boot.js";
import { hideNix } from "./without-nix.js";

/** A server of a stand-in is a machine on this computer that starts from the cloud's Debian, or from an image of NixOS. */
export interface ServerSpec extends FirstBoot {
  readonly hostname: string;
  /** What the metadata service answers, by path. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Addresses beside the public one, with prefix length. */
  readonly addresses: readonly string[];
  /** From {@link reserveAddress}, for clouds that tell a public address before there is a server. */
  readonly publicAddress?: string;
  /** Name of a private network that it is in, in place of the one that all servers share. */
  readonly network?: string;
  /** Names of network interfaces beside `eth0`, which lead nowhere. */
  readonly interfaces?: readonly string[];
}

/** Where the stand-in keeps what belongs to the hardware; nothing of NixOS touches it. */
const HARDWARE = "/usr/lib/cloud";
const UNITS = "usr/lib/systemd/system";

/**
 * The initial ramdisk that the boot loader was told, as far as the miniature's does anything: its script runs with busybox
 * alone, beside the root file system. What the miniature has of its image, systemd for example, stays where it is.
 */
const INITIAL_RAMDISK = `initrd=$(sed -n 's/^ *initrd //p' /boot/grub/grub.cfg 2>/dev/null | head -n 1)
stage1=\${initrd:+$(dirname "$(readlink -f "$initrd")")/stage-1}
if [ -s "$stage1" ]; then
  mkdir -p /run/initrd/bin /run/initrd/proc /run/initrd/sysroot
  cp /bin/busybox "$stage1" /run/initrd/bin/
  for name in sh mkdir mv cp rm; do ln -s busybox /run/initrd/bin/$name; done
  mount --bind /proc /run/initrd/proc
  mount --bind / /run/initrd/sysroot
  mount --bind /usr /run/initrd/sysroot/usr
  chroot /run/initrd /bin/sh /bin/stage-1
  busybox=/run/initrd/bin/busybox
  for name in bin lib lib64 sbin; do [ -e /$name ] || $busybox cp -a /old-root/$name /; done
  [ -e /etc/alternatives ] || $busybox cp -a /old-root/etc/alternatives /etc/
  umount /run/initrd/sysroot/usr /run/initrd/sysroot /run/initrd/proc
fi
`;

/** What the hardware does before the operating system, and the boot loader that the operating system installed. */
const FIRMWARE = `#!/bin/sh
while read -r path number; do
  mkdir -p "\${path%/*}"
  mknod "$path" b 7 "$number"
done < ${HARDWARE}/devices
ip netns add metadata
ip link add meta0 type veth peer name eth0 netns metadata
ip address add 169.254.169.253/30 dev meta0
ip link set dev meta0 up
ip -n metadata address add 169.254.169.254/30 dev eth0
ip -n metadata link set dev eth0 up
while read -r address; do ip address replace "$address" dev eth0; done < ${HARDWARE}/addresses
while read -r name; do
  [ -e /sys/class/net/$name ] || ip link add "$name" type veth peer name "$name-end"
done < ${HARDWARE}/interfaces
${INITIAL_RAMDISK}init=$(sed -n 's/.* init=\\([^ ]*\\).*/\\1/p' /boot/grub/grub.cfg 2>/dev/null | head -n 1)
exec "\${init:-/usr/lib/systemd/systemd}" "$@"
`;

const CLOUD_INIT = `[Unit]
Description=First boot
ConditionPathExists=!${BOOTED}
Before=sshd.service

[Service]
Type=oneshot
ExecStart=/bin/sh ${HARDWARE}/first-boot
`;

/** With NetworkNamespacePath it would have mounts of its own, which keep volumes busy. */
const METADATA = `[Unit]
Description=Metadata service

[Service]
ExecStart=/usr/bin/nsenter --net=/run/netns/metadata /bin/busybox httpd -f -p 169.254.169.254:80 -h ${HARDWARE}/metadata
Restart=always
`;

/**
 * Makes a server and switches it on. It boots while the cloud has answered already.
 *
 * @returns the id of its machine, and its public address
 */
export async function makeServer(spec: ServerSpec): Promise<{ machine: string; address: string }> {
  const machine = newId(["cloud", spec.hostname]);
  const image = await linkImage();
  const prepare = async (root: string) => {
    await writeDisk(root, spec);
    if (spec.distribution !== "nixos") await hideNix(image, root);
  };
  const record = await createMachine(
    siteOf(),
    machine,
    {
      hostname: spec.hostname,
      image,
      prepare,
      ...(spec.network === undefined ? {} : { network: spec.network }),
    },
    async () => {},
  );
  if (spec.publicAddress === undefined) return { machine, address: record.address };
  // It may have led to another machine before.
  await run("ip", ["neighbour", "flush", "to", spec.publicAddress]);
  return { machine, address: spec.publicAddress };
}

/** A public address for a server that will be made; addresses are given in turn, so that no machine gets it soon. */
export function reserveAddress(): Promise<string> {
  return withLock(COMPUTER_LOCK, async () => {
    const site = siteOf();
    await mkdir(site.directory, { recursive: true, mode: 0o711 });
    await rememberSite(site);
    return takeAddress(site);
  });
}

/** Pulls the plug. */
export async function stopServer(machine: string): Promise<void> {
  await killAll(placesOf(siteOf(), machine).cgroup);
}

/** Switches a server on and waits until its ssh server answers. */
export async function startServer(machine: string): Promise<void> {
  const record = await readRecord(siteOf(), machine);
  if (!record) throw new Error(`the machine ${machine} is gone`);
  await startMachine(siteOf(), record);
}

export function serverRuns(machine: string): boolean {
  return isRunning(siteOf(), machine);
}

export async function removeServer(machine: string): Promise<void> {
  await removeMachine(siteOf(), machine);
}

/** Plugs a loop device of this computer into a running server, under the names that it shall have there. */
export async function plugIn(machine: string, paths: readonly string[], loop: string): Promise<void> {
  const number = loop.replace("/dev/loop", "");
  // systemd asks for a mounted file system's device by its number.
  const all = [...paths, loop, `/dev/block/7:${number}`];
  const script = `[ -e ${BOOTED} ] || exit 1
  for path; do
    mkdir -p "\${path%/*}"; rm -f "$path"; mknod "$path" b 7 ${number}; echo "$path ${number}" >> ${HARDWARE}/devices
  done`;
  // It may be booting still, and gets its /dev then.
  await eventually(() => containerOf(machine).exec(["sh", "-c", script, "sh", ...all]));
}

/** Takes a loop device out of a server, which unmounts it first where it runs. */
export async function plugOut(machine: string, loop: string): Promise<void> {
  if (!serverRuns(machine)) return;
  const number = loop.replace("/dev/loop", "");
  const script = `while read -r path number; do
      if [ "$number" = ${number} ]; then umount "$path" 2>/dev/null; rm -f "$path"; else echo "$path $number"; fi
    done < ${HARDWARE}/devices > ${HARDWARE}/devices.new
    mv ${HARDWARE}/devices.new ${HARDWARE}/devices`;
  await containerOf(machine).exec(["sh", "-c", script]);
}

function addressesOf({ addresses, publicAddress }: ServerSpec): string[] {
  return [...(publicAddress === undefined ? [] : [`${publicAddress}/32`]), ...addresses];
}

async function writeDisk(root: string, spec: ServerSpec): Promise<void> {
  const put = async (path: string, content: string, mode = 0o644) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { mode });
  };
  await put("etc/hostname", `${spec.hostname}\n`);
  await put("etc/machine-id", `${randomBytes(16).toString("hex")}\n`, 0o444);
  await put("usr/sbin/init", FIRMWARE, 0o755);
  await put(`${HARDWARE}/first-boot`, firstBootScript(spec), 0o700);
  await put(`${HARDWARE}/devices`, "");
  await put(`${HARDWARE}/interfaces`, (spec.interfaces ?? []).map((name) => `${name}\n`).join(""));
  await put(
    `${HARDWARE}/addresses`,
    addressesOf(spec)
      .map((address) => `${address}\n`)
      .join(""),
  );
  for (const [path, content] of Object.entries(spec.metadata))
    await put(`${HARDWARE}/metadata/${path}`, content);
  await put(`${UNITS}/cloud-init.service`, CLOUD_INIT);
  await put(`${UNITS}/cloud-metadata.service`, METADATA);
  await mkdir(join(root, UNITS, "multi-user.target.wants"), { recursive: true });
  for (const unit of ["cloud-init.service", "cloud-metadata.service"])
    await symlink(`../${unit}`, join(root, UNITS, "multi-user.target.wants", unit));
}
