import { execFile } from "node:child_process";
import { rm, truncate, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { LabContainer } from "./lab.js";

const run = promisify(execFile);

/** A disk of a lab machine: a file of this computer behind a loop device, with a serial number. */
export interface LabDisk {
  /** Its path on the machine, as udev would link it. */
  readonly device: string;
  readonly serial: string;
  readonly file: string;
  readonly loop: string;
}

/** Where a machine keeps which disks are plugged into it: "LOOP SERIAL" a line. */
export const PLUGGED = "/usr/lib/firn-lab/disks";

/**
 * What udev does on a computer: nodes of disks and of their partitions, links to them by serial number and UUID, and the
 * answer to who a disk is. Lab machines have no devtmpfs, and kernels of containers see all disks of this computer.
 */
export const UDEVADM = `#!/bin/sh
node() { # The kernel gives a partition that it has read anew another number.
  IFS=: read -r major minor < "/sys/class/block/$1/dev"
  [ "$(stat -c %Hr:%Lr "/dev/$1" 2>/dev/null)" = "$major:$minor" ] || { rm -f "/dev/$1"; mknod -m 660 "/dev/$1" b "$major" "$minor"; }
}
case $1 in
info)
  name=$(readlink -f "\${3#--name=}")
  sed -n "s|^\${name#/dev/} |ID_SERIAL_SHORT=|p" ${PLUGGED}
  ;;
settle)
  mkdir -p /dev/disk/by-id /dev/disk/by-uuid
  while read -r loop serial; do
    node "$loop"
    ln -sfn "/dev/$loop" "/dev/disk/by-id/ata-$serial"
    for old in /dev/"$loop"p*; do [ -e "/sys/class/block/\${old#/dev/}" ] || rm -f "$old"; done
    for path in /sys/class/block/"$loop"p*; do
      [ -e "$path" ] || continue
      node "\${path##*/}"
      uuid=$(blkid -p -s UUID -o value "/dev/\${path##*/}") && ln -sfn "/dev/\${path##*/}" "/dev/disk/by-uuid/$uuid"
    done
  done < ${PLUGGED}
  ;;
esac
`;

/** Makes an empty disk; it takes no room on this computer until it is written to. */
export async function makeDisk(file: string, megabytes: number, serial: string): Promise<LabDisk> {
  await writeFile(file, "");
  await truncate(file, megabytes * 1e6);
  const { stdout } = await run("losetup", ["--find", "--show", "--partscan", file]);
  return { device: `/dev/disk/by-id/ata-${serial}`, serial, file, loop: stdout.trim() };
}

export async function removeDisk({ loop, file }: LabDisk): Promise<void> {
  await run("losetup", ["--detach", loop]);
  await rm(file, { force: true });
}

/** What {@link PLUGGED} holds for these disks. */
export function plugged(disks: readonly LabDisk[]): string {
  return disks.map(({ loop, serial }) => `${loop.replace("/dev/", "")} ${serial}\n`).join("");
}

/** Plugs disks into a machine that runs. */
export async function plugIn(machine: LabContainer, disks: readonly LabDisk[]): Promise<void> {
  const script = `mkdir -p "$(dirname ${PLUGGED})" && printf '%s' "$1" > ${PLUGGED}
printf '%s' "$2" > /usr/local/bin/udevadm && chmod 755 /usr/local/bin/udevadm && udevadm settle`;
  await machine.exec(["sh", "-c", script, "sh", plugged(disks), UDEVADM]);
}
