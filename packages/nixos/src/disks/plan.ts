import type { DiskPlan, DiskStep, FileSystemKind, PlannedPartition } from "@firn/host";
import { checkKeys, checkName, checkPath, checkType, checkWords, refuse, sizeOf } from "./check.js";
import { arrayIdOf, uuidOf, volumeIdOf } from "./identity.js";
import type { BtrfsContent, DiskLayout, FileSystemContent, PartitionArgs, TableContent } from "./layout.js";

/** GUIDs of partition types, by the codes that gdisk and disko use (UEFI specification, Discoverable Partitions). */
const TYPES: Readonly<Record<string, string>> = {
  EF00: "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",
  EF02: "21686148-6449-6E6F-744E-656564454649",
  "8200": "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F",
  "8300": "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
  FD00: "A19D880F-05FC-4D3B-A006-743F0F84911E",
};

/** What boots from the disks, beside the plan itself. */
export interface PlannedDisks {
  readonly plan: DiskPlan;
  /** Devices with a BIOS boot partition. */
  readonly biosDevices: readonly string[];
  /** Where an EFI system partition is mounted. */
  readonly efiMountPoint?: string;
}

/**
 * The steps from a layout to mounted file systems.
 *
 * @param identity names the machine: the identifiers of all that is made follow from it
 * @throws FirnError that names the place in the layout
 */
export function planDisks(layout: DiskLayout, identity: string): PlannedDisks {
  return new Planner(identity).plan(layout);
}

type Content = FileSystemContent | BtrfsContent | { readonly type: "swap" };

class Planner {
  private readonly tables: DiskStep[] = [];
  private readonly formats: DiskStep[] = [];
  private readonly mounts: Extract<DiskStep, { kind: "mount" }>[] = [];
  private readonly members = new Map<string, string[]>();
  /** Arrays whose members are EFI system partitions. */
  private readonly efiArrays = new Set<string>();
  private readonly biosDevices: string[] = [];
  private efiMountPoint: string | undefined;

  constructor(private readonly identity: string) {}

  plan(layout: DiskLayout): PlannedDisks {
    checkKeys("(layout)", layout, "layout");
    const disks = Object.entries(layout.disk ?? {});
    if (disks.length === 0) refuse("disk", "it has no disk");
    for (const [name, disk] of disks) {
      const place = `disk.${checkName(`disk.${name}`, name)}`;
      checkKeys(place, disk, "disk");
      checkType(`${place}.content`, disk.content, ["gpt"]);
      const device = checkPath(`${place}.device`, disk.device);
      if (!device.startsWith("/dev/")) refuse(`${place}.device`, `${device} is not below /dev`);
      this.table(place, `disk-${name}`, device, disk.content, true);
    }
    for (const [name, array] of Object.entries(layout.mdadm ?? {})) this.array(layout, name, array);
    for (const name of this.members.keys())
      if (!Object.hasOwn(layout.mdadm ?? {}, name))
        refuse(`mdadm.${name}`, "a partition is a member of it, and there is none");
    this.checkMounts();
    return {
      plan: [...this.tables, ...this.formats, ...this.mounts],
      biosDevices: this.biosDevices,
      ...(this.efiMountPoint === undefined ? {} : { efiMountPoint: this.efiMountPoint }),
    };
  }

  private array(layout: DiskLayout, name: string, array: NonNullable<DiskLayout["mdadm"]>[string]): void {
    const place = `mdadm.${checkName(`mdadm.${name}`, name)}`;
    checkKeys(place, array, "mdadm");
    if (array.level !== 1)
      refuse(`${place}.level`, `${JSON.stringify(array.level)} is not 1, which is all that Firn makes`);
    const members = this.members.get(name) ?? [];
    if (members.length < 2)
      refuse(
        place,
        `it has ${members.length === 0 ? "no member" : "one member"}: give two partitions or more the content { type: "mdraid", name: "${name}" }`,
      );
    const metadata = array.metadata === undefined || array.metadata === "default" ? "1.2" : array.metadata;
    if (!["1.0", "1.2"].includes(metadata))
      refuse(`${place}.metadata`, `${JSON.stringify(metadata)} is none of 1.0, 1.2, default`);
    this.tables.push({
      kind: "array",
      name,
      id: arrayIdOf(`${this.name(place)}/members`),
      metadata,
      members,
    });
    const device = `/dev/md/${name}`;
    const type = checkType(`${place}.content`, array.content, ["gpt", "filesystem", "btrfs", "swap"]);
    if (type === "gpt") this.table(place, `mdadm-${name}`, device, array.content as TableContent, false);
    else this.content(`${place}.content`, device, array.content as Content, this.efiArrays.has(name));
    if (Object.keys(layout.disk).length < 2 && new Set(members).size > 0)
      refuse(place, "its members are on one disk, whose end would be that of both");
  }

  private table(place: string, name: string, device: string, content: TableContent, isDisk: boolean): void {
    checkKeys(`${place}.content`, content, "gpt");
    const entries = Object.entries(content.partitions ?? {}).sort(([, a], [, b]) => rank(a) - rank(b));
    if (entries.length === 0) refuse(`${place}.content.partitions`, "it has no partition");
    const partitions: PlannedPartition[] = [];
    this.tables.push({ kind: "table", device, id: uuidOf(this.name(place)), partitions });
    for (const [key, partition] of entries) {
      const where = `${place}.content.partitions.${checkName(`${place}.content.partitions.${key}`, key)}`;
      checkKeys(where, partition, "partition");
      const size = sizeOf(`${where}.size`, partition.size);
      if (size === undefined && key !== entries.at(-1)?.[0])
        refuse(where, "only the last partition may have what is left (100%)");
      const type = typeOf(where, partition);
      const id = uuidOf(this.name(where));
      partitions.push({
        id,
        type: TYPES[type] ?? "",
        name: `${name}-${key}`.slice(0, 32),
        ...(size === undefined ? {} : { size }),
      });
      if (type === "EF02" && isDisk) this.biosDevices.push(device);
      this.partition(where, id, type, partition, isDisk);
    }
  }

  private partition(
    where: string,
    id: string,
    type: string,
    { content }: PartitionArgs,
    isDisk: boolean,
  ): void {
    if (content === undefined) return;
    const kinds = ["filesystem", "btrfs", "swap", ...(isDisk ? ["mdraid"] : [])] as const;
    const kind = checkType(`${where}.content`, content, kinds);
    if (kind !== "mdraid") {
      this.content(`${where}.content`, id, content as Content, type === "EF00");
      return;
    }
    checkKeys(`${where}.content`, content, "mdraid");
    const { name } = content as { readonly name: string };
    if (type === "EF00") this.efiArrays.add(name);
    this.members.set(name, [...(this.members.get(name) ?? []), id]);
  }

  private content(place: string, on: string, content: Content, isEfi = false): void {
    checkKeys(place, content, content.type);
    const format = (
      fileSystem: FileSystemKind | "swap",
      args: readonly string[] = [],
      subvolumes: readonly string[] = [],
    ) => {
      const id = fileSystem === "vfat" ? volumeIdOf(this.name(place)) : uuidOf(this.name(place));
      this.formats.push({
        kind: "format",
        on,
        fileSystem,
        id,
        args: checkWords(`${place}.extraArgs`, args),
        subvolumes,
      });
    };
    if (content.type === "swap") format("swap");
    else if (content.type === "filesystem") {
      const kinds: readonly string[] = ["ext4", "xfs", "btrfs", "vfat"];
      if (!kinds.includes(content.format))
        refuse(`${place}.format`, `${JSON.stringify(content.format)} is none of ${kinds.join(", ")}`);
      format(content.format, content.extraArgs);
      this.mount(place, on, content.format, content);
      if (isEfi && content.format === "vfat" && content.mountpoint !== undefined)
        this.efiMountPoint ??= content.mountpoint;
    } else this.subvolumes(place, on, content, format);
  }

  private subvolumes(
    place: string,
    on: string,
    content: BtrfsContent,
    format: (fileSystem: "btrfs", args: readonly string[] | undefined, subvolumes: readonly string[]) => void,
  ): void {
    const subvolumes = Object.entries(content.subvolumes ?? {}).map(
      ([path, subvolume]) => [checkPath(`${place}.subvolumes`, path).slice(1), subvolume] as const,
    );
    const paths = subvolumes.map(([path]) => path);
    format("btrfs", content.extraArgs, paths);
    this.mount(place, on, "btrfs", content);
    for (const [path, subvolume] of subvolumes) {
      checkKeys(`${place}.subvolumes.${path}`, subvolume, "subvolume");
      this.mount(`${place}.subvolumes.${path}`, on, "btrfs", subvolume, [`subvol=${path}`]);
    }
  }

  private mount(
    place: string,
    on: string,
    fileSystem: FileSystemKind,
    { mountpoint, mountOptions }: { readonly mountpoint?: string; readonly mountOptions?: readonly string[] },
    first: readonly string[] = [],
  ): void {
    if (mountpoint === undefined) return;
    const path = checkPath(`${place}.mountpoint`, mountpoint);
    const options = [...first, ...checkWords(`${place}.mountOptions`, mountOptions)].filter(
      (each) => each !== "defaults",
    );
    if (this.mounts.some((each) => each.path === path))
      refuse(`${place}.mountpoint`, `${path} is mounted twice`);
    this.mounts.push({ kind: "mount", on, fileSystem, path, options });
  }

  private checkMounts(): void {
    if (!this.mounts.some(({ path }) => path === "/"))
      refuse("disk", 'nothing is mounted at "/": one file system has to have mountpoint: "/"');
    const depth = (path: string) => (path === "/" ? 0 : path.split("/").length);
    this.mounts.sort((a, b) => depth(a.path) - depth(b.path));
    if (this.biosDevices.length === 0 && this.efiMountPoint === undefined)
      refuse(
        "disk",
        'nothing can start from these disks: give one a partition { size: "1M", type: "EF02" } for BIOS, or for UEFI { size: "512M", type: "EF00" } with vfat mounted at /boot',
      );
  }

  private name(place: string): string {
    return `${this.identity}/${place}`;
  }
}

/** What is read by firmware comes first, what takes the rest last, as with disko. */
function rank({ priority, size, type }: PartitionArgs): number {
  return priority ?? (size === "100%" ? 9001 : type === "EF02" ? 100 : 1000);
}

function typeOf(place: string, { type, content }: PartitionArgs): string {
  const byContent = content?.type === "swap" ? "8200" : content?.type === "mdraid" ? "FD00" : "8300";
  const code = (type ?? byContent).toUpperCase();
  if (!Object.hasOwn(TYPES, code))
    refuse(`${place}.type`, `${JSON.stringify(type)} is none of ${Object.keys(TYPES).join(", ")}`);
  return code;
}
