import { lib, modulesPath, nix, pkgs } from "@firn/nixos";
import { ubuntuDisk } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";

/** What the NixOS configuration of an instance depends on. */
export interface GcpModuleArgs {
  /** Nix system. */
  readonly system: string;
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** Largest packet of its network, in bytes. */
  readonly mtu: number;
  /** Whose disk it is: that of Ubuntu, which NixOS took over, or that of nixpkgs' own image. */
  readonly disk: "nixos" | "ubuntu";
}

/**
 * The physical half of an instance's NixOS configuration, after nixpkgs' `virtualisation/google-compute-config.nix`: what
 * that asks the metadata service for at every boot (host name, accounts, ssh keys), the configuration says itself, and
 * NixOS' firewall stays on. DHCP gives both kinds of addresses.
 */
export function gcpModule({ system, deployPublicKey, mtu, disk }: GcpModuleArgs) {
  return {
    imports: [nix`"${modulesPath}/profiles/qemu-guest.nix"`, disk === "nixos" ? NIXOS_DISK : ubuntuDisk()],
    boot: {
      // Disks are on virtio or NVMe, as the series of the machine type has it.
      initrd: { availableKernelModules: ["nvme", "sd_mod", "virtio_pci", "virtio_scsi"] },
      kernelModules: ["virtio_pci", "virtio_net"],
      // A machine that nobody can type at starts again instead of asking what to do. Arm's firmware names its console.
      kernelParams: [
        ...(system.startsWith("aarch64") ? [] : ["console=ttyS0"]),
        "panic=1",
        "boot.panic_on_fail",
      ],
    },
    networking: {
      // eth0 is the first interface on every machine type.
      usePredictableInterfaceNames: false,
      useDHCP: lib.mkDefault(true),
      interfaces: { eth0: { mtu } },
      hosts: { "169.254.169.254": ["metadata.google.internal"] },
      timeServers: lib.mkDefault(["metadata.google.internal"]),
    },
    // The agent sets up addresses that forwarding rules lead to the machine, and nothing that NixOS does itself.
    environment: { etc: { "default/instance_configs.cfg": { text: AGENT } } },
    systemd: {
      packages: [pkgs["google-guest-agent"]],
      services: { "google-guest-agent": { wantedBy: ["multi-user.target"], restartTriggers: [AGENT] } },
    },
    services: {
      openssh: { enable: true },
      // They name disks after what attached them.
      udev: { packages: [pkgs["google-guest-configs"]], path: [pkgs["google-guest-configs"]] },
    },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
  };
}

/** What nixpkgs' `virtualisation/google-compute-image.nix` makes: one partition, and a boot loader for BIOS. */
const NIXOS_DISK = {
  boot: { growPartition: true, loader: { grub: { enable: true, devices: ["/dev/sda"] } } },
  fileSystems: {
    "/": lib.mkDefault({ device: "/dev/disk/by-label/nixos", fsType: "ext4", autoResize: true }),
  },
};

const AGENT = `[Daemons]
accounts_daemon = false

[InstanceSetup]
set_host_keys = false

[NetworkInterfaces]
setup = false
`;
