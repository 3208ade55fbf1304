import type { Disk, HostFacts, Mount } from "@firn/host";
import { lib, type NixModule } from "@firn/nix";
import { FirnError } from "../errors.js";

interface FileSystems {
  readonly fileSystems: NixModule;
  /** `boot.initrd.luks.devices`. */
  readonly luks: NixModule;
  readonly swapDevices: readonly NixModule[];
}

/** Where programs mount what is theirs; nixos-generate-config leaves out the first ones, too. */
const NOT_OURS =
  /^\/(proc|dev|sys|run|tmp\/|var\/lib\/(docker|containers|containerd|kubelet|nfs\/rpc_pipefs)|snap|media)(\/|$)/;

/** Options that only say what the default is, or what a mount happens to have. */
const DEFAULTS =
  /^(rw|relatime|seclabel|(no)?user_xattr|(no)?acl|nolazytime|subvolid=.*|inode64|attr2|logbufs=.*|logbsize=.*|noquota|space_cache(=v2)?|errors=.*|codepage=.*|iocharset=.*|shortname=.*|utf8|stripe=.*|discard=async|ssd)$/;

/**
 * What a host has mounted, as `fileSystems`, by UUID where there is one.
 *
 * @throws FirnError where the root file system cannot be told
 */
export function fileSystems(host: string, facts: HostFacts): FileSystems {
  const mounts = firstOfEach(
    facts.mounts.filter((mount) => !NOT_OURS.test(mount.path) && !isStoreItself(mount)),
  );
  const root = mounts.find((mount) => mount.path === "/");
  if (!root || /^(\/dev\/root|rootfs|overlay)$/.test(root.device))
    throw new FirnError(
      `${host}: its root file system is ${root ? root.device : "on no disk"}, which does not say where it is. Leave \`hardware\` out, and give existing() a module that says it.`,
    );
  const luks: Record<string, NixModule> = {};
  const device = (path: string) => {
    for (const disk of encrypted(path, facts.disks)) luks[disk.name] = { device: lib.mkDefault(disk.device) };
    return byUuid(path, facts.disks);
  };
  return {
    fileSystems: Object.fromEntries(mounts.map((mount) => [mount.path, fileSystem(mount, mounts, device)])),
    swapDevices: facts.swaps.map(
      ({ path, isFile, size }): NixModule =>
        isFile ? { device: path, size: Math.round(size / 2 ** 20) } : { device: device(path) },
    ),
    luks,
  };
}

/** NixOS mounts its store a second time, for reading only. */
function isStoreItself({ path }: Mount): boolean {
  return path === "/nix/store";
}

function firstOfEach(mounts: readonly Mount[]): Mount[] {
  return mounts.filter(({ path }, index) => mounts.findIndex((other) => other.path === path) === index);
}

function fileSystem(mount: Mount, all: readonly Mount[], device: (path: string) => string): NixModule {
  const whole = all.find(
    (other) =>
      other !== mount &&
      other.device === mount.device &&
      isBelow(mount.root, other.root) &&
      other.root !== mount.root,
  );
  // A part of what is mounted elsewhere; a subvolume of btrfs is mounted by its own name.
  if (whole && mount.type !== "btrfs") {
    const place = `${whole.path}${mount.root.slice(whole.root === "/" ? 0 : whole.root.length)}`.replace(
      "//",
      "/",
    );
    return { device: place, fsType: "none", options: ["bind"] };
  }
  const options = mount.options.filter((option) => !DEFAULTS.test(option));
  if (mount.type === "btrfs" && mount.root !== "/" && !options.some((each) => each.startsWith("subvol=")))
    options.push(`subvol=${mount.root.slice(1)}`);
  return {
    device: lib.mkDefault(device(mount.device)),
    fsType: lib.mkDefault(mount.type),
    ...(options.length === 0 ? {} : { options }),
  };
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(above === "/" ? "/" : `${above}/`);
}

/** `/dev/disk/by-uuid/…` of a device that has one; what the device mapper names keeps its name. */
export function byUuid(path: string, disks: readonly Disk[]): string {
  const name = path.replace(/^\/dev\//, "");
  const all = disks.flatMap((disk) => [disk, ...disk.partitions]);
  const uuid = all.find((each) => each.name === name)?.uuid;
  return uuid === undefined || path.startsWith("/dev/mapper/") ? path : `/dev/disk/by-uuid/${uuid}`;
}

/** The encrypted devices that lie under a device. */
function encrypted(path: string, disks: readonly Disk[]): { name: string; device: string }[] {
  const name = path.replace(/^\/dev\/(mapper\/)?/, "");
  const disk = disks.find((each) => each.name === name || each.mapped?.name === name);
  if (!disk?.mapped) return [];
  const below = disk.mapped.from.flatMap((each) => encrypted(`/dev/${each}`, disks));
  const [from] = disk.mapped.from;
  return disk.mapped.by === "CRYPT" && from !== undefined
    ? [...below, { name: disk.mapped.name, device: byUuid(`/dev/${from}`, disks) }]
    : below;
}
