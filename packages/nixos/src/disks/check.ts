import { FirnError } from "../errors.js";

/** Keys that a layout may have, by kind of content. */
const KEYS = {
  layout: ["disk", "mdadm"],
  disk: ["type", "device", "content"],
  mdadm: ["type", "level", "metadata", "content"],
  gpt: ["type", "partitions"],
  partition: ["size", "type", "priority", "content"],
  filesystem: ["type", "format", "mountpoint", "mountOptions", "extraArgs"],
  btrfs: ["type", "mountpoint", "mountOptions", "extraArgs", "subvolumes"],
  subvolume: ["mountpoint", "mountOptions"],
  swap: ["type"],
  mdraid: ["type", "name"],
} as const;

/** Where in a layout something stands, for messages: `disk.main.content.partitions.root`. */
export type Place = string;

/** @throws FirnError that names the place */
export function refuse(place: Place, why: string): never {
  throw new FirnError(`disks.${place}: ${why}.`);
}

/** Refuses what a layout must not have there: programs may be plain JavaScript, and layouts come from disko. */
export function checkKeys(place: Place, value: object, kind: keyof typeof KEYS): void {
  const known: readonly string[] = KEYS[kind];
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    refuse(
      place,
      `Firn does not partition with ${unknown.map((key) => `\`${key}\``).join(", ")}; it knows ${known.join(", ")}`,
    );
}

/** @returns the content's type */
export function checkType<T extends string>(place: Place, content: unknown, allowed: readonly T[]): T {
  const type = (content as { type?: unknown } | null | undefined)?.type;
  if (typeof type !== "string" || !(allowed as readonly string[]).includes(type))
    refuse(
      place,
      `the content ${JSON.stringify(type) ?? "without a type"} is none of ${allowed.join(", ")}. What is more (luks, lvm, zfs, other levels of RAID) has to be made by hand or by disko, and told in fileSystems`,
    );
  return type as T;
}

/** A name within a layout, which becomes part of a partition's or an array's. */
export function checkName(place: Place, name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}$/.test(name))
    refuse(place, "a name has at most 31 letters, digits and _ . -, and begins with a letter or a digit");
  return name;
}

/** An absolute path without blanks. */
export function checkPath(place: Place, path: unknown): string {
  if (typeof path !== "string" || !/^\/\S*$/.test(path) || path.split("/").includes(".."))
    refuse(place, `${JSON.stringify(path)} is no absolute path without blanks`);
  return path as string;
}

/** Words that become arguments or mount options. */
export function checkWords(place: Place, words: readonly string[] = []): readonly string[] {
  for (const word of words)
    if (typeof word !== "string" || !/^[^\s,]+$/.test(word))
      refuse(place, `${JSON.stringify(word)} has blanks or commas, or is empty: give one option an element`);
  return words;
}

const UNITS: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024, T: 1024 ** 2 };

/** @returns MiB, undefined for what is left */
export function sizeOf(place: Place, size: unknown): number | undefined {
  if (size === "100%") return undefined;
  const [, number = "", unit = ""] = /^(\d+)([KMGT])(?:i?B)?$/.exec(String(size)) ?? [];
  const mib = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (!Number.isInteger(mib) || mib < 1)
    refuse(
      place,
      `${JSON.stringify(size)} is no size of whole MiB such as "512M", "1G", or "100%" for what is left`,
    );
  return mib;
}
