import { config, lib, modulesPath, nix } from "@firn/nixos";
import type * as pulumi from "@pulumi/pulumi";

/** What the NixOS configuration of a server depends on. */
export interface RobotModuleArgs {
  /** Nix system. */
  readonly system: string;
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** First address of the server's /64, which ends with `::`; empty for a server without IPv6. */
  readonly ipv6Network: pulumi.Output<string>;
  readonly interface: string;
}

/** Modules without which Hetzner's servers find no disk: SATA, NVMe, and keyboards of the KVM console. */
const STORAGE = ["ahci", "nvme", "sd_mod", "xhci_pci", "usbhid"];

/** The physical half of a server's NixOS configuration, but for its disks. */
export function robotModule({ system, deployPublicKey, ipv6Network, interface: name }: RobotModuleArgs) {
  const microcode = { updateMicrocode: lib.mkDefault(config.hardware.enableRedistributableFirmware) };
  return {
    imports: [nix`"${modulesPath}/installer/scan/not-detected.nix"`],
    boot: { initrd: { availableKernelModules: STORAGE } },
    ...(system === "x86_64-linux" ? { hardware: { cpu: { amd: microcode, intel: microcode } } } : {}),
    networking: {
      // The rescue system calls it eth0, too; the names that systemd would give differ from board to board.
      usePredictableInterfaceNames: false,
      useDHCP: lib.mkDefault(true),
      interfaces: {
        [name]: {
          // Said outright, because NixOS asks no DHCP server for an interface that has an address of its own.
          useDHCP: true,
          ipv6: {
            addresses: ipv6Network.apply((network) =>
              network === "" ? [] : [{ address: `${network}2`, prefixLength: 64 }],
            ),
          },
        },
      },
      // The router is the same everywhere (docs.hetzner.com/robot/dedicated-server/network/net-config-debian-ubuntu).
      defaultGateway6: ipv6Network.apply((network) =>
        network === "" ? null : { address: "fe80::1", interface: name },
      ),
    },
    services: { openssh: { enable: true } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
  };
}
