import type { Disk, Mount, Partition, Swap } from "./facts.js";
import { given, type Lines } from "./lines.js";

/** The kernel counts sizes of block devices in these, whatever their own are. */
const SECTOR = 512;

export function parseDisks(lines: Lines): Disk[] {
  const named = (kind: string) =>
    new Map(lines.rows(kind).map(([name = "", value = ""]) => [name, unescaped(value)]));
  const uuids = named("uuid");
  const labels = named("label");
  const partitions = lines.rows("partition").map(([name = "", disk = "", size, fileSystem]) => ({
    disk,
    partition: {
      name,
      size: Number(size) * SECTOR,
      ...given({ fileSystem, uuid: uuids.get(name), label: labels.get(name) }),
    } satisfies Partition,
  }));
  return lines
    .rows("disk")
    .filter(([, size]) => Number(size) > 0)
    .map((fields): Disk => {
      const [name = "", size, removable, rotational, model, serial, partitionTable, fileSystem] = fields;
      const [mapperName, mapperId, below] = fields.slice(8);
      return {
        name,
        size: Number(size) * SECTOR,
        removable: removable === "1",
        rotational: rotational === "1",
        ...given({ model, serial, partitionTable, fileSystem, uuid: uuids.get(name) }),
        ...(mapperName
          ? {
              mapped: {
                name: mapperName,
                by: mapperId?.split("-")[0] ?? "",
                from: (below ?? "").split(" ").filter((each) => each !== ""),
              },
            }
          : {}),
        partitions: partitions.filter((each) => each.disk === name).map((each) => each.partition),
      };
    });
}

/** File systems of disks and networks; everything else comes and goes with a boot. */
const LASTING =
  /^(ext[234]|btrfs|xfs|f2fs|vfat|exfat|ntfs3?|zfs|bcachefs|jfs|reiserfs|nilfs2|nfs4?|cifs|9p|virtiofs)$/;

/** A line of /proc/self/mountinfo (proc_pid_mountinfo(5)); nothing for a file system that does not last. */
export function parseMount(line: string): Mount[] {
  const [before = "", after = ""] = line.split(" - ");
  const [, , , root = "", path = "", options = ""] = before.split(" ");
  const [type = "", device = "", more = ""] = after.split(" ");
  if (!LASTING.test(type)) return [];
  const all = new Set([...options.split(","), ...more.split(",")].filter((each) => each !== ""));
  return [
    { path: octal(path), device: octal(device), type, options: [...all].map(octal), root: octal(root) },
  ];
}

/** A line of /proc/swaps, whose sizes are in KiB; compressed memory is not meant. */
export function parseSwap(line: string): Swap[] {
  const [path = "", type = "", size = "0"] = line.trim().split(/\s+/);
  if (path.startsWith("/dev/zram")) return [];
  return [{ path: octal(path), isFile: type === "file", size: Number(size) * 1024 }];
}

/** The kernel writes blanks and backslashes in octal. */
function octal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** udev writes what may not stand in a file name as `\x20`. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
