import { lib, type NixModule } from "@firn/nix";
import type { PlannedDisks } from "./plan.js";

/**
 * What follows from a layout for the machine's configuration: file systems and swap by their identifiers, and a boot
 * loader on every disk that can have one. Every value but the file systems gives way to what the configuration says.
 */
export function disksModule({ plan, biosDevices, efiMountPoint }: PlannedDisks): NixModule {
  const idOn = (on: string) =>
    plan.flatMap((step) => (step.kind === "format" && step.on === on ? [step.id] : []))[0];
  const mounts = plan.flatMap((step) => (step.kind === "mount" ? [step] : []));
  const swaps = plan.flatMap((step) =>
    step.kind === "format" && step.fileSystem === "swap" ? [step.id] : [],
  );
  const hasArrays = plan.some(({ kind }) => kind === "array");
  return {
    fileSystems: Object.fromEntries(
      mounts.map(({ on, path, fileSystem, options }): [string, NixModule] => [
        path,
        {
          device: byUuid(idOn(on) ?? ""),
          fsType: fileSystem,
          ...(options.length === 0 ? {} : { options }),
        },
      ]),
    ),
    swapDevices: swaps.map((id): NixModule => ({ device: byUuid(id) })),
    boot: {
      loader: bootLoader(biosDevices, efiMountPoint),
      ...(hasArrays
        ? {
            initrd: { kernelModules: ["raid1"] },
            // mdadm's monitor wants somebody to tell; without a mail server the journal has it.
            swraid: { enable: lib.mkDefault(true), mdadmConf: lib.mkDefault("MAILADDR root") },
          }
        : {}),
    },
  };
}

function byUuid(id: string): string {
  return `/dev/disk/by-uuid/${id}`;
}

function bootLoader(biosDevices: readonly string[], efiMountPoint: string | undefined): NixModule {
  const efi: NixModule =
    efiMountPoint === undefined || efiMountPoint === "/boot"
      ? {}
      : { efi: { efiSysMountPoint: lib.mkDefault(efiMountPoint) } };
  // Without variables of the firmware, which a rescue system that was started by BIOS cannot set, it starts what lies at
  // the place for removable disks; bootctl puts systemd-boot there, too.
  if (biosDevices.length === 0) return { ...efi, "systemd-boot": { enable: lib.mkDefault(true) } };
  const both: NixModule =
    efiMountPoint === undefined
      ? {}
      : { efiSupport: lib.mkDefault(true), efiInstallAsRemovable: lib.mkDefault(true) };
  return { ...efi, grub: { enable: lib.mkDefault(true), devices: [...biosDevices], ...both } };
}
