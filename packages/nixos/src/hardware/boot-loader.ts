import type { HostFacts } from "@firn/host";
import { lib, type NixModule } from "@firn/nix";
import { FirnError } from "../errors.js";

/**
 * `boot.loader` of a host: what it boots with now where NixOS can install that; otherwise systemd-boot with UEFI, GRUB
 * on the disk of `/boot` with BIOS, and extlinux' file on what has neither.
 *
 * @throws FirnError where the partition or the disk cannot be told
 */
export function bootLoader(host: string, facts: HostFacts): NixModule {
  if (facts.bootMode === "uefi") return uefi(host, facts);
  if (facts.bootMode === "other" || facts.bootLoader === "extlinux")
    return {
      grub: { enable: lib.mkDefault(false) },
      "generic-extlinux-compatible": { enable: lib.mkDefault(true) },
    };
  const boot = mountOf(facts, "/boot") ?? mountOf(facts, "/");
  const disks = boot === undefined ? [] : disksUnder(boot, facts);
  if (disks.length === 0)
    throw new FirnError(
      `${host}: the disk that it boots from cannot be told from ${boot ?? "what is mounted"}. Say it in the machine's configuration: boot.loader.grub.device, and leave \`hardware\` out.`,
    );
  return {
    grub: { enable: lib.mkDefault(true), ...on(disks.map((name) => `/dev/${name}`)) },
  };
}

function uefi(host: string, facts: HostFacts): NixModule {
  const partition = ["/boot/efi", "/efi", "/boot"].find((path) =>
    facts.mounts.some((mount) => mount.path === path && mount.type === "vfat"),
  );
  if (partition === undefined)
    throw new FirnError(
      `${host} boots through UEFI, but its EFI system partition is mounted at none of /boot, /boot/efi and /efi. Mount it, or write the hardware half yourself.`,
    );
  const efi = {
    canTouchEfiVariables: lib.mkDefault(true),
    ...(partition === "/boot" ? {} : { efiSysMountPoint: lib.mkDefault(partition) }),
  };
  // A NixOS host keeps what it has; of other distributions only the partition stays.
  if (facts.nixos && facts.bootLoader === "grub")
    return {
      efi,
      grub: {
        enable: lib.mkDefault(true),
        efiSupport: lib.mkDefault(true),
        ...on(["nodev"]),
      },
    };
  return { efi, "systemd-boot": { enable: lib.mkDefault(true) } };
}

/** `devices` gives way to nothing: NixOS defines it itself, from `device`. */
function on(devices: readonly string[]): NixModule {
  const [device] = devices;
  return devices.length === 1 && device !== undefined ? { device: lib.mkDefault(device) } : { devices };
}

function mountOf({ mounts }: HostFacts, path: string): string | undefined {
  return mounts.find((mount) => mount.path === path)?.device;
}

/** Names of the disks under a device, through partitions, the device mapper and mdadm. */
function disksUnder(device: string, facts: HostFacts): string[] {
  const name = device.replace(/^\/dev\/(mapper\/)?/, "");
  const whole = facts.disks.find((disk) => disk.name === name || disk.mapped?.name === name);
  if (whole?.mapped)
    return [...new Set(whole.mapped.from.flatMap((each) => disksUnder(`/dev/${each}`, facts)))];
  if (whole) return [whole.name];
  const parent = facts.disks.find((disk) => disk.partitions.some((partition) => partition.name === name));
  return parent ? [parent.name] : [];
}
