import { LibvirtError } from "../errors.js";

// Numbers and places are those of "Microsoft FAT: General Overview of On-Disk Format", FAT12.
const SECTOR = 512;
const SECTORS = 2048;
const SECTORS_PER_FAT = 6;
const ROOT_ENTRIES = 64;
const ENTRY = 32;
const FIRST_FAT = 1;
const ROOT = FIRST_FAT + 2 * SECTORS_PER_FAT;
const DATA = ROOT + (ROOT_ENTRIES * ENTRY) / SECTOR;
const END_OF_FILE = 0xfff;
const VOLUME_LABEL = 0x08;
const LONG_NAME = 0x0f;
/** Characters of a long name that one entry holds, by their offsets in it. */
const LONG_NAME_PLACES = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

/**
 * The disk from which cloud-init takes its data where there is no cloud (NoCloud): a FAT file system of 1 MiB with the
 * label `CIDATA`, the same bytes for the same files. It is made here because no program that makes one is everywhere.
 *
 * @param files texts by name: `meta-data`, `user-data`, `network-config`
 * @throws LibvirtError where they do not fit
 */
export function seedImage(files: Readonly<Record<string, string>>): Uint8Array {
  const disk = Buffer.alloc(SECTORS * SECTOR);
  writeBootSector(disk);
  const fat = Buffer.alloc(SECTORS_PER_FAT * SECTOR);
  setFat(fat, 0, 0xff8);
  setFat(fat, 1, END_OF_FILE);
  const entries = [labelEntry()];
  let cluster = 2;
  for (const [index, [name, text]] of Object.entries(files).entries()) {
    const content = Buffer.from(text, "utf8");
    const count = Math.ceil(content.length / SECTOR);
    if (DATA + cluster - 2 + count > SECTORS)
      throw new LibvirtError(`The first words to the machine do not fit on their disk: ${name} is too long.`);
    entries.push(...fileEntries(name, index, count === 0 ? 0 : cluster, content.length));
    content.copy(disk, (DATA + cluster - 2) * SECTOR);
    for (let each = 0; each < count; each += 1)
      setFat(fat, cluster + each, each === count - 1 ? END_OF_FILE : cluster + each + 1);
    cluster += count;
  }
  for (const copy of [0, 1]) fat.copy(disk, (FIRST_FAT + copy * SECTORS_PER_FAT) * SECTOR);
  Buffer.concat(entries).copy(disk, ROOT * SECTOR);
  return disk;
}

function writeBootSector(disk: Buffer): void {
  disk.set([0xeb, 0x3c, 0x90]);
  disk.write("MSWIN4.1", 3, "latin1");
  disk.writeUInt16LE(SECTOR, 11);
  disk.writeUInt8(1, 13); // sectors per cluster
  disk.writeUInt16LE(FIRST_FAT, 14);
  disk.writeUInt8(2, 16); // copies of the FAT
  disk.writeUInt16LE(ROOT_ENTRIES, 17);
  disk.writeUInt16LE(SECTORS, 19);
  disk.writeUInt8(0xf8, 21); // a fixed disk
  disk.writeUInt16LE(SECTORS_PER_FAT, 22);
  disk.writeUInt16LE(32, 24); // sectors per track
  disk.writeUInt16LE(2, 26); // heads
  disk.writeUInt8(0x80, 36);
  disk.writeUInt8(0x29, 38); // what follows is there
  disk.writeUInt32LE(0xf12c0de5, 39); // serial number
  disk.write("CIDATA     FAT12   ", 43, "latin1");
  disk.writeUInt16LE(0xaa55, 510);
}

function labelEntry(): Buffer {
  const entry = Buffer.alloc(ENTRY);
  entry.write("CIDATA     ", 0, "latin1");
  entry.writeUInt8(VOLUME_LABEL, 11);
  return entry;
}

/** The entry of a file, after those of its long name, whose last part comes first. */
function fileEntries(name: string, index: number, cluster: number, size: number): Buffer[] {
  const short = Buffer.from(`FILE${String(index).padStart(4, "0")}   `, "latin1");
  const entry = Buffer.alloc(ENTRY);
  short.copy(entry);
  entry.writeUInt16LE(cluster, 26);
  entry.writeUInt32LE(size, 28);
  const count = Math.ceil(name.length / LONG_NAME_PLACES.length);
  const parts = Array.from({ length: count }, (_, at) => longNameEntry(name, at, at === count - 1, short));
  return [...parts.reverse(), entry];
}

function longNameEntry(name: string, part: number, isLast: boolean, short: Buffer): Buffer {
  const entry = Buffer.alloc(ENTRY);
  entry.writeUInt8((part + 1) | (isLast ? 0x40 : 0), 0);
  entry.writeUInt8(LONG_NAME, 11);
  entry.writeUInt8(
    short.reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0),
    13,
  );
  for (const [index, place] of LONG_NAME_PLACES.entries()) {
    const at = part * LONG_NAME_PLACES.length + index;
    // One zero ends the name, and the rest is all ones.
    entry.writeUInt16LE(at < name.length ? name.charCodeAt(at) : at === name.length ? 0 : 0xffff, place);
  }
  return entry;
}

/** Entries of 12 bits each, two in three bytes. */
function setFat(fat: Buffer, index: number, value: number): void {
  const at = index + (index >> 1);
  const pair = fat.readUInt16LE(at);
  fat.writeUInt16LE(index % 2 === 0 ? (pair & 0xf000) | value : (pair & 0x000f) | (value << 4), at);
}
