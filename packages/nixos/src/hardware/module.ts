import type { HostFacts } from "@firn/host";
import { config, lib, modulesPath, type NixModule, nix } from "@firn/nix";
import { bootLoader } from "./boot-loader.js";
import { fileSystems } from "./file-systems.js";
import { networking } from "./networking.js";

/**
 * The hardware half of a host's NixOS configuration, as nixos-generate-config would write it, with the boot loader and
 * the addresses that the host has. Every value gives way to what the configuration itself says.
 *
 * @param withDisks whether the host runs from the disks that it shall run from; those of a rescue system say nothing
 * @throws FirnError where its root file system or its boot partition cannot be told
 */
export function hardwareModule(host: string, facts: HostFacts, withDisks = true): NixModule {
  // A container has its host's kernel and devices, and addresses that were set before it started.
  if (facts.bootMode === "container")
    return {
      boot: { isContainer: true, loader: { initScript: { enable: true } } },
      networking: { useDHCP: false },
    };
  const module = {
    ...imports(facts),
    boot: {
      initrd: { availableKernelModules: facts.hardware.storageModules },
      kernelModules: facts.cpu.kvm === undefined ? [] : [facts.cpu.kvm],
    },
    networking: networking(facts),
    ...cpu(facts),
    ...guest(facts),
  };
  return withDisks ? { ...module, ...storage(host, facts, module.boot) } : module;
}

function storage(host: string, facts: HostFacts, boot: { readonly initrd: object }): NixModule {
  const { fileSystems: mounts, luks, swapDevices } = fileSystems(host, facts);
  const initrd = {
    ...boot.initrd,
    ...(facts.disks.some((disk) => disk.mapped?.by === "LVM") ? { kernelModules: ["dm-snapshot"] } : {}),
    ...(Object.keys(luks).length === 0 ? {} : { luks: { devices: luks } }),
  };
  return {
    boot: {
      ...boot,
      initrd,
      loader: bootLoader(host, facts),
      ...(facts.disks.some(({ name }) => /^md\d/.test(name))
        ? { swraid: { enable: lib.mkDefault(true) } }
        : {}),
    },
    fileSystems: mounts,
    swapDevices,
  };
}

function imports({ virtualization }: HostFacts): NixModule {
  if (/^(qemu|kvm|bochs)$/.test(virtualization))
    return { imports: [nix`"${modulesPath}/profiles/qemu-guest.nix"`] };
  return virtualization === "none"
    ? { imports: [nix`"${modulesPath}/installer/scan/not-detected.nix"`] }
    : {};
}

/** Microcode, for a computer that is no virtual one. */
function cpu({ cpu: { vendor = "" }, virtualization }: HostFacts): NixModule {
  const name = ({ GenuineIntel: "intel", AuthenticAMD: "amd" } as Record<string, string>)[vendor];
  if (name === undefined || virtualization !== "none") return {};
  const updateMicrocode = lib.mkDefault(config.hardware.enableRedistributableFirmware);
  return { hardware: { cpu: { [name]: { updateMicrocode } } } };
}

/** What hypervisors other than QEMU want of their guests. */
function guest({ virtualization }: HostFacts): NixModule {
  switch (virtualization) {
    case "oracle":
      return { virtualisation: { virtualbox: { guest: { enable: lib.mkDefault(true) } } } };
    case "microsoft":
      return { virtualisation: { hypervGuest: { enable: lib.mkDefault(true) } } };
    case "vmware":
      return { virtualisation: { vmware: { guest: { enable: lib.mkDefault(true) } } } };
    default:
      return {};
  }
}
