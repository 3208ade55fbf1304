/** Bytes of a block of a CD. */
const BLOCK = 2048;

/** Blocks that a file system on a CD leaves to boot loaders. */
const SYSTEM_AREA = 16;

/** Both of the trees have their own directory and tables of paths; files are there once. */
const PRIMARY = { directory: 19, tables: [20, 21] } as const;
const JOLIET = { directory: 22, tables: [23, 24] } as const;
const FIRST_FILE = 25;

/** A file for the root directory of a CD. */
interface Placed {
  readonly name: string;
  readonly content: Buffer;
  readonly block: number;
}

/**
 * An image of a CD (ISO 9660 with Joliet, ECMA-119) that has a few files in its root directory. Windows and macOS have no
 * program in common that makes one, and what cloud-init reads is this small.
 *
 * @param label name of the volume, by which cloud-init finds it
 * @param files by name: at most 30 of `A-Z a-z 0-9 . _ -`
 */
export function isoImage(label: string, files: Readonly<Record<string, string>>): Buffer {
  let next = FIRST_FILE;
  const placed = Object.entries(files)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, text]): Placed => {
      const content = Buffer.from(text);
      const block = next;
      next += Math.max(1, Math.ceil(content.length / BLOCK));
      return { name, content, block };
    });
  const image = Buffer.alloc(next * BLOCK);
  volume(label, next, PRIMARY.directory, PRIMARY.tables, 1).copy(image, SYSTEM_AREA * BLOCK);
  volume(label, next, JOLIET.directory, JOLIET.tables, 2).copy(image, (SYSTEM_AREA + 1) * BLOCK);
  descriptor(255).copy(image, (SYSTEM_AREA + 2) * BLOCK);
  for (const [place, isJoliet] of [
    [PRIMARY, false],
    [JOLIET, true],
  ] as const) {
    const directory = directoryOf(place.directory, placed, isJoliet);
    directory.copy(image, place.directory * BLOCK);
    const [little, big] = place.tables;
    pathTable(place.directory, false).copy(image, little * BLOCK);
    pathTable(place.directory, true).copy(image, big * BLOCK);
  }
  for (const { content, block } of placed) content.copy(image, block * BLOCK);
  return image;
}

/** A volume descriptor; type 1 is the primary one, 2 that of Joliet, 255 ends them. */
function descriptor(type: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block[0] = type;
  block.write("CD001", 1, "latin1");
  block[6] = 1;
  return block;
}

function volume(
  label: string,
  blocks: number,
  directory: number,
  [little, big]: readonly [number, number],
  type: 1 | 2,
): Buffer {
  const block = descriptor(type);
  const text = (value: string, start: number, length: number) => {
    const field = type === 1 ? Buffer.from(value.padEnd(length), "latin1") : wide(value, length);
    field.copy(block, start, 0, length);
  };
  text("", 8, 32);
  text(label, 40, 32);
  both32(block, 80, blocks);
  // "%/E": Joliet, level 3.
  if (type === 2) block.write("%/E", 88, "latin1");
  both16(block, 120, 1);
  both16(block, 124, 1);
  both16(block, 128, BLOCK);
  both32(block, 132, pathTable(directory, false).length);
  block.writeUInt32LE(little, 140);
  block.writeUInt32BE(big, 148);
  record(Buffer.from([0]), directory, BLOCK, true).copy(block, 156);
  for (const [start, length] of [
    [190, 128],
    [318, 128],
    [446, 128],
    [574, 128],
    [702, 37],
    [739, 37],
    [776, 37],
  ] as const)
    text("", start, length);
  for (const start of [813, 830, 847, 864]) block.write("0".repeat(16), start, "latin1");
  block[881] = 1;
  return block;
}

function directoryOf(own: number, files: readonly Placed[], isJoliet: boolean): Buffer {
  const block = Buffer.alloc(BLOCK);
  let position = 0;
  const add = (entry: Buffer) => {
    entry.copy(block, position);
    position += entry.length;
  };
  for (const self of [0, 1]) add(record(Buffer.from([self]), own, BLOCK, true));
  for (const { name, content, block: start } of files) {
    const identifier = isJoliet ? wide(name) : Buffer.from(`${name.toUpperCase()};1`, "latin1");
    add(record(identifier, start, content.length, false));
  }
  return block;
}

/** An entry of a directory; all times are the beginning of 1970, so that the same files make the same image. */
function record(identifier: Buffer, block: number, size: number, isDirectory: boolean): Buffer {
  const length = 33 + identifier.length + (identifier.length % 2 === 0 ? 1 : 0);
  const entry = Buffer.alloc(length);
  entry[0] = length;
  both32(entry, 2, block);
  both32(entry, 10, size);
  entry.set([70, 1, 1, 0, 0, 0, 0], 18);
  entry[25] = isDirectory ? 2 : 0;
  both16(entry, 28, 1);
  entry[32] = identifier.length;
  identifier.copy(entry, 33);
  return entry;
}

/** The one path that there is: the root directory's. */
function pathTable(directory: number, isBig: boolean): Buffer {
  const table = Buffer.alloc(10);
  table[0] = 1;
  if (isBig) table.writeUInt32BE(directory, 2);
  else table.writeUInt32LE(directory, 2);
  if (isBig) table.writeUInt16BE(1, 6);
  else table.writeUInt16LE(1, 6);
  return table;
}

/** Joliet's text: UCS-2, the higher byte first. */
function wide(text: string, bytes = text.length * 2): Buffer {
  return Buffer.from(text.padEnd(Math.floor(bytes / 2)), "utf16le").swap16();
}

function both16(buffer: Buffer, position: number, value: number): void {
  buffer.writeUInt16LE(value, position);
  buffer.writeUInt16BE(value, position + 2);
}

function both32(buffer: Buffer, position: number, value: number): void {
  buffer.writeUInt32LE(value, position);
  buffer.writeUInt32BE(value, position + 4);
}
