/**
 * What the disks of a machine shall be, in the order in which it comes to be. Every table, partition, array and file
 * system has an identifier that is known beforehand: by it a run after a cut tells what is done already, and the
 * configuration names it.
 */
export type DiskStep =
  | {
      /** A new partition table (GPT) on a disk, or on an array. */
      readonly kind: "table";
      /** Path of the device. */
      readonly device: string;
      /** GUID of the table. */
      readonly id: string;
      readonly partitions: readonly PlannedPartition[];
    }
  | {
      /** A mirror of partitions. */
      readonly kind: "array";
      /** It will be `/dev/md/<name>`. */
      readonly name: string;
      /** As mdadm writes it: four groups of eight hexadecimal digits. */
      readonly id: string;
      /** Version of its superblock: `1.2`, or `1.0`, with which boot loaders read a member like the array. */
      readonly metadata: string;
      /** GUIDs of partitions. */
      readonly members: readonly string[];
    }
  | {
      readonly kind: "format";
      /** GUID of a partition, or path of an array. */
      readonly on: string;
      readonly fileSystem: FileSystemKind | "swap";
      /** As the file system writes its UUID; `1A2B-3C4D` for vfat. */
      readonly id: string;
      /** Further arguments of mkfs. */
      readonly args: readonly string[];
      /** Subvolumes of btrfs: paths without the first slash. */
      readonly subvolumes: readonly string[];
    }
  | {
      readonly kind: "mount";
      readonly on: string;
      readonly fileSystem: FileSystemKind;
      /** Where it will be mounted on the machine. */
      readonly path: string;
      readonly options: readonly string[];
    };

export type FileSystemKind = "ext4" | "xfs" | "btrfs" | "vfat";

export interface PlannedPartition {
  /** GUID of the partition. */
  readonly id: string;
  /** GUID of its type. */
  readonly type: string;
  /** In MiB; without one it takes what is left. */
  readonly size?: number;
  /** Its name in the table, at most 32 characters. */
  readonly name: string;
}

/** All steps, parents before children. */
export type DiskPlan = readonly DiskStep[];

/**
 * The plan as its script reads it: a line a step, fields separated by tabs. What is not finished yet has `.new` behind its
 * name in the partition table, so that a run after a cut never takes half a file system for a whole one.
 */
export function planLines(plan: DiskPlan): string {
  const lines = plan.flatMap((step) => linesOf(step, plan));
  return lines.map((fields) => `${fields.map(checkField).join("\t")}\n`).join("");
}

function linesOf(step: DiskStep, plan: DiskPlan): (readonly (string | number)[])[] {
  switch (step.kind) {
    case "table": {
      const members = partitionsUnder(step.device, plan);
      return [
        ["table", step.id, step.device],
        ...step.partitions.map((each) => [
          ...["partition", each.id, each.type, each.size ?? "-", each.name],
          isFilled(each.id, plan) ? "filled" : "empty",
        ]),
        ["write"],
        ...(members.length === 0 ? [] : [["finish", ...members]]),
      ];
    }
    case "array":
      return [["array", step.name, step.id, step.metadata, ...step.members]];
    case "format": {
      const under = partitionsUnder(step.on, plan);
      return [
        ["format", step.on, step.fileSystem, step.id, under.join(" "), ...step.args],
        ...step.subvolumes.map((path) => ["subvolume", step.on, path]),
        ["finish", ...under],
      ];
    }
    case "mount":
      return [["mount", step.on, step.fileSystem, step.path, step.options.join(",") || "defaults"]];
  }
}

/** The partitions whose names tell whether what lies on a device is finished. */
function partitionsUnder(on: string, plan: DiskPlan): readonly string[] {
  if (!on.startsWith("/")) return [on];
  return plan.flatMap((step) => (step.kind === "array" && on === `/dev/md/${step.name}` ? step.members : []));
}

/** Whether something is made on a partition. */
function isFilled(id: string, plan: DiskPlan): boolean {
  return plan.some((step) =>
    step.kind === "array" ? step.members.includes(id) : "on" in step && step.on === id,
  );
}

/** UUID of the root file system. */
export function rootOf(plan: DiskPlan): string | undefined {
  const root = plan.find((step) => step.kind === "mount" && step.path === "/");
  const format = plan.find(
    (step) => step.kind === "format" && root !== undefined && "on" in root && step.on === root.on,
  );
  return format?.kind === "format" ? format.id : undefined;
}

function checkField(field: string | number): string {
  const text = String(field);
  // A layout is checked where it is declared; this keeps a line a line whoever made the plan.
  if (text === "" || /[\t\n\r\0]/.test(text))
    throw new Error(`no field of a disk plan: ${JSON.stringify(text)}`);
  return text;
}
