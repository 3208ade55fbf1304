import { lib, modulesPath, nix } from "@firn/nixos";
import type * as pulumi from "@pulumi/pulumi";

/** What the NixOS configuration of a server depends on. */
export interface HcloudModuleArgs {
  /** Nix system. */
  readonly system: string;
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** First address of the server's /64; `undefined` for a server without IPv6. */
  readonly ipv6Address: pulumi.Input<string> | undefined;
  /** IPv4 address that is led to the server besides its own. */
  readonly floatingIp?: pulumi.Input<string> | undefined;
}

/**
 * The physical half of a server's NixOS configuration.
 *
 * Its disk is the one of Hetzner's Debian: root, a BIOS boot partition, and an EFI system partition as number 15. Intel
 * and AMD servers boot by BIOS, Arm servers by UEFI, and GRUB is installed for what the server has.
 */
export function hcloudModule({ system, deployPublicKey, ipv6Address, floatingIp }: HcloudModuleArgs) {
  const isArm = system.startsWith("aarch64");
  return {
    imports: [nix`"${modulesPath}/profiles/qemu-guest.nix"`],
    boot: {
      growPartition: true,
      initrd: { availableKernelModules: ["sd_mod", "sr_mod", "virtio_pci", "virtio_scsi", "xhci_pci"] },
      // The last one is what the console of Hetzner's web page shows.
      kernelParams: isArm ? ["console=tty"] : ["console=ttyS0", "console=tty1"],
      loader: {
        efi: { efiSysMountPoint: "/boot/efi" },
        grub: {
          enable: true,
          efiSupport: isArm,
          efiInstallAsRemovable: isArm,
          devices: isArm ? ["nodev"] : ["/dev/sda"],
        },
      },
    },
    fileSystems: {
      "/": lib.mkDefault({ device: "/dev/sda1", fsType: "ext4", autoResize: true }),
      ...(isArm ? { "/boot/efi": lib.mkDefault({ device: "/dev/sda15", fsType: "vfat" }) } : {}),
    },
    networking: {
      // eth0 is the public interface, eth1 and so on are those of private networks, on every kind of server.
      usePredictableInterfaceNames: false,
      useDHCP: lib.mkDefault(true),
      interfaces: { eth0: interfaceOf(ipv6Address, floatingIp) },
      // DHCP gives no IPv6 address, and the router is the same everywhere (docs.hetzner.com/cloud/servers/static-configuration).
      ...(ipv6Address === undefined ? {} : { defaultGateway6: { address: "fe80::1", interface: "eth0" } }),
    },
    services: { openssh: { enable: true }, qemuGuest: { enable: lib.mkDefault(true) } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
  };
}

function interfaceOf(ipv6: pulumi.Input<string> | undefined, floatingIp: pulumi.Input<string> | undefined) {
  return {
    // Said outright, because NixOS asks no DHCP server for an interface that has an IPv4 address of its own.
    useDHCP: true,
    ipv4: { addresses: floatingIp === undefined ? [] : [{ address: floatingIp, prefixLength: 32 }] },
    ipv6: { addresses: ipv6 === undefined ? [] : [{ address: ipv6, prefixLength: 64 }] },
  };
}
