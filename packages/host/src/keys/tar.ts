/** A file of a tar stream. */
export interface TarFile {
  /** At most 100 bytes. */
  readonly name: string;
  readonly content: Uint8Array;
  /** Octal digits; default `0600`. */
  readonly permissions?: string;
  /** Name or number; whoever unpacks as root gives the file to the user of that name if there is one. Default `root`. */
  readonly user?: string;
  readonly group?: string;
}

const BLOCK = 512;

/** Files as a tar stream in the ustar format (POSIX.1-1988, IEEE Std 1003.1 "pax"). */
export function tar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap((file) => [
    header(file),
    file.content,
    Buffer.alloc((BLOCK - (file.content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(file: TarFile): Buffer {
  const block = Buffer.alloc(BLOCK);
  const { user = "root", group = "root" } = file;
  text(block, 0, 100, file.name);
  octal(block, 100, 8, Number.parseInt(file.permissions ?? "0600", 8));
  octal(block, 108, 8, numberOr0(user));
  octal(block, 116, 8, numberOr0(group));
  octal(block, 124, 12, file.content.length);
  octal(block, 136, 12, Math.floor(Date.now() / 1000));
  text(block, 156, 1, "0");
  text(block, 257, 8, "ustar\u000000");
  text(block, 265, 32, user);
  text(block, 297, 32, group);
  // The sum counts its own field as spaces.
  block.fill(" ", 148, 156);
  octal(
    block,
    148,
    7,
    block.reduce((sum, byte) => sum + byte, 0),
  );
  return block;
}

/** The id where a number is given; root's, where a name is, for a machine without a user of that name. */
function numberOr0(owner: string): number {
  return /^\d+$/.test(owner) ? Number(owner) : 0;
}

function text(block: Buffer, offset: number, length: number, value: string): void {
  if (Buffer.byteLength(value) > length) throw new RangeError(`"${value}" is longer than ${length} bytes`);
  block.write(value, offset, "utf8");
}

function octal(block: Buffer, offset: number, length: number, value: number): void {
  text(block, offset, length, `${value.toString(8).padStart(length - 1, "0")}\0`);
}
