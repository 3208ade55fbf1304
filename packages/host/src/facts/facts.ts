/** What a host is: gathered by one script in one round trip, without changing anything. Sizes are in bytes. */
export interface HostFacts {
  readonly hostname: string;
  /** As `uname -m` says, for example `x86_64`. */
  readonly architecture: string;
  /** The Nix system of its own programs, for example `x86_64-linux`. */
  readonly system: string;
  /** Kernel release, for example `6.12.8`. */
  readonly kernel: string;
  readonly cores: number;
  readonly memory: number;
  readonly cpu: {
    /** `GenuineIntel`, `AuthenticAMD`; undefined on other architectures. */
    readonly vendor?: string;
    /** The module with which it runs virtual machines. */
    readonly kvm?: "kvm-intel" | "kvm-amd";
  };
  readonly os: {
    /** As os-release(5) says: `debian`, `nixos`. */
    readonly id: string;
    readonly version?: string;
    /** For people: `Debian GNU/Linux 12 (bookworm)`. */
    readonly name: string;
  };
  /** Undefined on a host that does not run NixOS. */
  readonly nixos?: {
    readonly version: string;
    /** Store path of the system that runs. */
    readonly currentSystem: string;
    /** Store path of the system that the next boot takes. */
    readonly profile?: string;
  };
  /** Version of Nix; undefined without one. */
  readonly nix?: string;
  /** Version of systemd; undefined where PID 1 is another program. */
  readonly systemd?: number;
  /** How it boots: through UEFI or BIOS, not by itself, or in another way. */
  readonly bootMode: "uefi" | "bios" | "container" | "other";
  /** The boot loader that it has; undefined where none is seen. */
  readonly bootLoader?: "systemd-boot" | "grub" | "extlinux";
  /** As `systemd-detect-virt` says: `none`, `kvm`, `docker`. */
  readonly virtualization: string;
  readonly account: {
    readonly user: string;
    readonly isRoot: boolean;
    /** Whether sudo makes the account root, without a password or perhaps with one. */
    readonly sudo: Privileged;
    readonly doas: Privileged;
  };
  readonly disks: readonly Disk[];
  /** File systems on disks or of a network; nothing that lives in memory. */
  readonly mounts: readonly Mount[];
  readonly swaps: readonly Swap[];
  /** Interfaces with a device behind them. */
  readonly interfaces: readonly NetworkInterface[];
  /** Addresses of all interfaces but loopback and link-local ones. */
  readonly addresses: readonly Address[];
  readonly defaultRoutes: readonly DefaultRoute[];
  readonly nameservers: readonly string[];
  /** Public ssh host keys, without comments. */
  readonly hostKeys: readonly string[];
  readonly hardware: {
    /** Modules without which its disks and keyboards are not found. */
    readonly storageModules: readonly string[];
    /** PCI devices as `vendor:device`, for example `8086:1237`. */
    readonly pci: readonly string[];
  };
}

/** `free`: without a password; `password`: not without one, and perhaps not with one either; `none`: it is not there. */
export type Privileged = "free" | "password" | "none";

/** A whole block device: a disk, or what the device mapper or mdadm makes of some. */
export interface Disk {
  /** Kernel name, for example `nvme0n1`. */
  readonly name: string;
  readonly size: number;
  readonly removable: boolean;
  readonly rotational: boolean;
  readonly model?: string;
  readonly serial?: string;
  /** `gpt`, `dos`; undefined for one without a partition table, and where nobody knows. */
  readonly partitionTable?: string;
  /** Type of the file system that lies on it as a whole: `ext4`, `crypto_LUKS`. */
  readonly fileSystem?: string;
  readonly uuid?: string;
  /** For the device mapper: its name below `/dev/mapper`, what made it (`CRYPT`, `LVM`), and the devices below. */
  readonly mapped?: { readonly name: string; readonly by: string; readonly from: readonly string[] };
  readonly partitions: readonly Partition[];
}

export interface Partition {
  readonly name: string;
  readonly size: number;
  readonly fileSystem?: string;
  readonly uuid?: string;
  readonly label?: string;
}

export interface Mount {
  readonly path: string;
  /** `/dev/sda1`, `tank/home`, `server:/export`. */
  readonly device: string;
  readonly type: string;
  /** Options of the mount and of the file system. */
  readonly options: readonly string[];
  /** What of the file system is mounted; `/` for all of it. */
  readonly root: string;
}

export interface Swap {
  /** A device, or a file. */
  readonly path: string;
  readonly isFile: boolean;
  readonly size: number;
}

export interface NetworkInterface {
  readonly name: string;
  readonly mac: string;
}

export interface Address {
  readonly interface: string;
  readonly address: string;
  readonly prefixLength: number;
  /** Whether DHCP or router advertisements gave it. */
  readonly dynamic: boolean;
}

export interface DefaultRoute {
  readonly interface: string;
  readonly via?: string;
}
