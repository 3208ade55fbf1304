import { lib } from "@firn/nixos";
import { ubuntuDisk } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";

/** What the NixOS configuration of a virtual machine depends on. */
export interface AzureModuleArgs {
  /** Nix system. */
  readonly system: string;
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** Numbers of the data disks that get names. */
  readonly luns: readonly number[];
}

/**
 * The physical half of a virtual machine's NixOS configuration, after nixpkgs' `virtualisation/azure-common.nix`. It has
 * no agent: at the first boot Ubuntu's cloud-init tells Azure that the machine is there, and what the agent would do later
 * (accounts, keys, the host name), the configuration says itself.
 */
export function azureModule({ system, deployPublicKey, luns }: AzureModuleArgs) {
  return {
    imports: [ubuntuDisk()],
    boot: {
      initrd: {
        kernelModules: ["hv_vmbus", "hv_netvsc", "hv_utils", "hv_storvsc"],
        // Newer sizes have disks on NVMe.
        availableKernelModules: ["nvme", "pci_hyperv", "sd_mod"],
      },
      // A machine that nobody can type at starts again instead of asking what to do.
      kernelParams: [
        system.startsWith("aarch64") ? "console=ttyAMA0" : "console=ttyS0",
        "rootdelay=300",
        "panic=1",
        "boot.panic_on_fail",
      ],
    },
    networking: {
      // eth0 is the machine's interface; with accelerated networking, another one carries its packets and has no address.
      usePredictableInterfaceNames: false,
      useDHCP: lib.mkDefault(false),
      interfaces: { eth0: { useDHCP: true } },
    },
    services: {
      openssh: { enable: true },
      ...(luns.length === 0 ? {} : { udev: { extraRules: [IS_DATA, ...luns.map(nameOf)].join("\n") } }),
    },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
  };
}

/** Where a data disk is found. */
export function deviceOf(lun: number): string {
  return `/dev/disk/azure/data/by-lun/${lun}`;
}

/** Data disks on SCSI have a controller of their own, which has this id on every machine (as in Azure's own rules). */
const IS_DATA =
  'SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", ATTRS{device_id}=="{f8b3781b-1e82-4818-a1c3-63d806ec15bb}", ENV{AZURE_DISK}="data"';

/** Gives a data disk the name that Azure's own rules give it; on NVMe the boot disk is namespace 1, data disks follow. */
function nameOf(lun: number): string {
  const link = `SYMLINK+="disk/azure/data/by-lun/${lun}"`;
  const disk = 'SUBSYSTEM=="block", ENV{DEVTYPE}=="disk"';
  return [
    `${disk}, ENV{AZURE_DISK}=="data", KERNELS=="*:0:0:${lun}", ${link}`,
    `${disk}, ATTR{nsid}=="${lun + 2}", ATTRS{model}=="MSFT NVMe Accelerator*", ${link}`,
  ].join("\n");
}
