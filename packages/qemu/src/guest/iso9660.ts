const SECTOR = 2048;
/** The system area, the volume descriptors and the path tables come before the root directory. */
const [PRIMARY, TERMINATOR, PATHS_LITTLE, PATHS_BIG, ROOT] = [16, 17, 18, 19, 20];

/**
 * An ISO 9660 file system (ECMA-119) with files in its root directory, as `genisoimage` would make it without Rock Ridge
 * or Joliet: Linux shows such names in small letters. Made here because a laptop may have no program for it.
 *
 * @param label volume identifier, at most 32 characters
 * @param files contents by name
 */
export function isoImage(label: string, files: Readonly<Record<string, string>>): Buffer {
  // A directory's records are in the order of their names.
  const contents = Object.entries(files)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, text]) => ({ name: name.toUpperCase(), data: Buffer.from(text) }));
  let next = ROOT + 1;
  const records = contents.map(({ name, data }) => {
    const start = next;
    next += Math.max(1, Math.ceil(data.length / SECTOR));
    return { start, record: record(`${name};1`, start, data.length, 0) };
  });
  const image = Buffer.alloc(next * SECTOR);
  const root = record("\0", ROOT, SECTOR, 2);
  primary(image.subarray(PRIMARY * SECTOR), label, next, root);
  image.write("\xffCD001\x01", TERMINATOR * SECTOR, "latin1");
  for (const [sector, big] of [
    [PATHS_LITTLE, false],
    [PATHS_BIG, true],
  ] as const) {
    const table = image.subarray(sector * SECTOR);
    table[0] = 1;
    if (big) table.writeUInt32BE(ROOT, 2);
    else table.writeUInt32LE(ROOT, 2);
    if (big) table.writeUInt16BE(1, 6);
    else table.writeUInt16LE(1, 6);
  }
  let at = ROOT * SECTOR;
  for (const each of [root, record("\x01", ROOT, SECTOR, 2), ...records.map(({ record }) => record)])
    at += each.copy(image, at);
  records.forEach(({ start }, index) => {
    contents[index]?.data.copy(image, start * SECTOR);
  });
  return image;
}

function primary(at: Buffer, label: string, sectors: number, root: Buffer): void {
  at.write("\x01CD001\x01", 0, "latin1");
  at.fill(" ", 8, 72);
  at.write(label, 40, "latin1");
  both32(at, 80, sectors);
  both16(at, 120, 1);
  both16(at, 124, 1);
  both16(at, 128, SECTOR);
  both32(at, 132, 10);
  at.writeUInt32LE(PATHS_LITTLE, 140);
  at.writeUInt32BE(PATHS_BIG, 148);
  root.copy(at, 156);
  at.fill(" ", 190, 813);
  // Four times that are not said: sixteen zeros as digits, and an offset of none.
  for (const field of [813, 830, 847, 864]) at.fill("0", field, field + 16);
  at[881] = 1;
}

/** A directory record; `flags` 2 is a directory. Its time is left out: the same files make the same image. */
function record(name: string, sector: number, length: number, flags: number): Buffer {
  const size = 33 + name.length + ((name.length + 1) % 2);
  const bytes = Buffer.alloc(size);
  bytes[0] = size;
  both32(bytes, 2, sector);
  both32(bytes, 10, length);
  bytes[18] = 100;
  bytes[19] = 1;
  bytes[20] = 1;
  bytes[25] = flags;
  both16(bytes, 28, 1);
  bytes[32] = name.length;
  bytes.write(name, 33, "latin1");
  return bytes;
}

/** Numbers are there twice, in both byte orders. */
function both16(at: Buffer, offset: number, value: number): void {
  at.writeUInt16LE(value, offset);
  at.writeUInt16BE(value, offset + 2);
}

function both32(at: Buffer, offset: number, value: number): void {
  at.writeUInt32LE(value, offset);
  at.writeUInt32BE(value, offset + 4);
}
