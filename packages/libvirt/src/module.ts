import { config, lib, str } from "@firn/nixos";
import { guestModule } from "@firn/qemu/guest";
import * as pulumi from "@pulumi/pulumi";
import type { LibvirtArgs } from "./args.js";
import { isStatic, withoutPrefix } from "./domain/place.js";

/** What the NixOS configuration of a machine depends on. */
export interface LibvirtModuleArgs
  extends Pick<LibvirtArgs, "address" | "gateway" | "mounts" | "nameservers"> {
  readonly firmware: "bios" | "uefi";
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** Size of its disk in GiB, known once it has it. */
  readonly diskSize: pulumi.Input<number>;
}

/** The physical half of a machine's NixOS configuration: a guest of QEMU's, with what libvirt() adds. */
export function libvirtModule(args: LibvirtModuleArgs) {
  const { deployPublicKey, diskSize, firmware, mounts = {} } = args;
  return {
    imports: [guestModule({ deployPublicKey, mounts }), ...(firmware === "uefi" ? [byUefi()] : [])],
    // Where volumes are plugged in.
    boot: { initrd: { availableKernelModules: ["sd_mod", "virtio_scsi"] } },
    ...(isStatic(args.address) ? { networking: ownAddress(args) } : {}),
    systemd: { services: growing(diskSize) },
  };
}

/** Takes up what the disk has grown by while the machine runs, as NixOS does at each boot. */
function growing(size: pulumi.Input<number>) {
  const restartTriggers = [pulumi.interpolate`${size} GiB`];
  return {
    growpart: { restartTriggers },
    "grow-root": {
      description: "Grow the root file system to its partition",
      wantedBy: ["multi-user.target"],
      after: ["growpart.service"],
      restartTriggers,
      serviceConfig: {
        Type: "oneshot",
        RemainAfterExit: true,
        ExecStart: [str`${config.systemd.package}/lib/systemd/systemd-growfs /`],
      },
    },
  };
}

/** GRUB in the path that firmware starts without being told one. */
function byUefi() {
  return {
    boot: {
      loader: {
        efi: { efiSysMountPoint: "/boot/efi" },
        grub: { efiSupport: true, efiInstallAsRemovable: true, devices: lib.mkForce(["nodev"]) },
      },
    },
    fileSystems: { "/boot/efi": lib.mkDefault({ device: "/dev/vda15", fsType: "vfat" }) },
  };
}

function ownAddress({ address = "", gateway, nameservers = [] }: LibvirtModuleArgs) {
  const prefixLength = Number(address.slice(address.indexOf("/") + 1));
  return {
    interfaces: {
      eth0: {
        useDHCP: lib.mkForce(false),
        ipv4: { addresses: [{ address: withoutPrefix(address), prefixLength }] },
      },
    },
    ...(gateway === undefined ? {} : { defaultGateway: { address: gateway, interface: "eth0" } }),
    ...(nameservers.length === 0 ? {} : { nameservers }),
  };
}
