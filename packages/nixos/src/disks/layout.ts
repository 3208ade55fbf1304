/**
 * Disks of a machine, in the shape of `disko.devices` (github.com/nix-community/disko), as far as Firn partitions and
 * formats them itself: GPT, mirrors of mdadm, and ext4, xfs, btrfs, vfat and swap on them.
 *
 * @example
 * { disk: { main: { device: "/dev/disk/by-id/nvme-…", content: { type: "gpt", partitions: {
 *   boot: { size: "1M", type: "EF02" },
 *   root: { size: "100%", content: { type: "filesystem", format: "ext4", mountpoint: "/" } } } } } } }
 */
export interface DiskLayout {
  readonly disk: Readonly<Record<string, DiskArgs>>;
  /** Arrays by name, whose members are partitions with the content `mdraid`. */
  readonly mdadm?: Readonly<Record<string, MdadmArgs>>;
}

export interface DiskArgs {
  readonly type?: "disk";
  /** Best below `/dev/disk/by-id`, which stays the same whatever else is plugged in. */
  readonly device: string;
  readonly content: TableContent;
}

export interface MdadmArgs {
  readonly type?: "mdadm";
  /** Only mirrors, which boot loaders can read, and which have no order of their members. */
  readonly level: 1;
  /** Version of the superblock; default `1.2`. `1.0` for what a firmware or boot loader reads, such as a mirrored `/boot`. */
  readonly metadata?: "1.0" | "1.2" | "default";
  readonly content: TableContent | FileSystemContent | BtrfsContent | SwapContent;
}

export interface TableContent {
  readonly type: "gpt";
  readonly partitions: Readonly<Record<string, PartitionArgs>>;
}

export interface PartitionArgs {
  /** `512M`, `1G`, or `100%` for what is left. */
  readonly size: string;
  /** As gdisk writes it: `EF02` (BIOS boot), `EF00` (EFI system), `8200` (swap), `FD00` (RAID), `8300`; default by its content. */
  readonly type?: string;
  /** Its place: smaller ones come first. */
  readonly priority?: number;
  readonly content?: FileSystemContent | BtrfsContent | SwapContent | MdraidContent;
}

export interface FileSystemContent {
  readonly type: "filesystem";
  readonly format: "ext4" | "xfs" | "btrfs" | "vfat";
  readonly mountpoint?: string;
  /** Default `["defaults"]`. */
  readonly mountOptions?: readonly string[];
  /** Further arguments of mkfs. */
  readonly extraArgs?: readonly string[];
}

export interface BtrfsContent {
  readonly type: "btrfs";
  readonly mountpoint?: string;
  readonly mountOptions?: readonly string[];
  readonly extraArgs?: readonly string[];
  /** By path: `"/home"`. */
  readonly subvolumes?: Readonly<
    Record<string, { readonly mountpoint?: string; readonly mountOptions?: readonly string[] }>
  >;
}

export interface SwapContent {
  readonly type: "swap";
}

/** The partition is a member of an array. */
export interface MdraidContent {
  readonly type: "mdraid";
  /** Of {@link DiskLayout.mdadm}. */
  readonly name: string;
}
