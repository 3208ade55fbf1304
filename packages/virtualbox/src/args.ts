import type { StopPolicy, VolumeArgs } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";

/** What a machine in VirtualBox is like. */
export interface VirtualboxArgs {
  /**
   * Path of the image that the machine starts from: VDI, VMDK, VHD, OVA, or raw (`.raw`, `.img`). Either the cloud image of
   * a distribution, which becomes NixOS in place, or one that is NixOS already. Another path is another machine.
   *
   * @example "images/debian-13-generic-amd64.raw"
   */
  readonly image: pulumi.Input<string>;
  /**
   * What the image is: Debian's or Ubuntu's for clouds, or NixOS with cloud-init, as nixpkgs'
   * `virtualisation/virtualbox-image.nix` makes it with `services.cloud-init.enable`. Default `debian`. Another one is another machine.
   */
  readonly distribution?: "debian" | "ubuntu" | "nixos";
  /** In MiB. Default 2048. Another value shuts the machine down and starts it again. */
  readonly memory?: pulumi.Input<number>;
  /** Processors. Default 1. Another value shuts the machine down and starts it again. */
  readonly cpus?: pulumi.Input<number>;
  /** Size of the system's disk, in GB. Default 20. It grows, for which the machine is shut down, and does not shrink. */
  readonly disk?: pulumi.Input<number>;
  /**
   * Disks by name; they stay when the machine is replaced, and are left out of snapshots. They come and go while the machine
   * runs; to grow, they have it shut down.
   */
  readonly volumes?: Readonly<Record<string, VolumeArgs>>;
  /** Whether a change of memory, processors or a disk's size may switch the machine off; `never` refuses it in the preview. Default `when-needed`. */
  readonly stop?: StopPolicy;
  /** Name of a host-only network of yours, for example `vboxnet0`. Default: one that Firn makes for the Firn network. Another one is another machine. */
  readonly hostOnly?: pulumi.Input<string>;
  /** Addresses of the host-only network that Firn makes, `192.168.57.0/24`. Default: the first free block of those that VirtualBox allows. */
  readonly subnet?: string;
  /**
   * Interface of this computer (`eth0`, `en0`) in whose network the machine is, in place of a host-only network. Without an
   * `address`, the DHCP server there gives one, which VirtualBox' Guest Additions tell: the image must have them.
   */
  readonly bridged?: pulumi.Input<string>;
  /** The machine's address: in a host-only network `192.168.57.20`, in a bridged one `192.168.1.20/24`. Default: one that is free. Another one is another machine. */
  readonly address?: pulumi.Input<string>;
  /** TCP ports of this computer that lead to ports of the machine: `{ 8080: 80 }`, `{ "0.0.0.0:8080": 80 }`. */
  readonly ports?: pulumi.Input<Record<string, pulumi.Input<number>>>;
  /** Whether the machine has no window. Default true; it counts from its next start on. */
  readonly headless?: pulumi.Input<boolean>;
  /** Directories of this computer that the machine sees, by name. A change shuts the machine down and starts it again. */
  readonly sharedFolders?: Readonly<Record<string, SharedFolderArgs>>;
  /** How many snapshots to keep of those that are taken before each activation; 0 deletes Firn's. Default: none are taken. */
  readonly snapshots?: number;
  /** Further arguments of `VBoxManage modifyvm`, such as `["--nested-hw-virt=on"]`. */
  readonly vmFlags?: readonly pulumi.Input<string>[];
}

/** A directory of this computer. */
export interface SharedFolderArgs {
  /** Absolute path on this computer. */
  readonly hostPath: pulumi.Input<string>;
  /** Default true. */
  readonly readOnly?: pulumi.Input<boolean>;
  /** Directory where the machine mounts it. Default: it can be mounted, `mount -t vboxsf NAME DIRECTORY`. */
  readonly mountPoint?: string;
}
