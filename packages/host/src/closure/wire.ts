/**
 * Gathers numbers, strings and lists as Nix' programs speak them among each other: numbers have 64 bits, the smallest
 * first; strings are padded with zeros to a multiple of 8 bytes.
 *
 * Source: "Nix Archive (NAR) format" in Nix' manual and `src/libutil/serialise.cc`; unchanged since Nix 2.0.
 */
export class WireWriter {
  private buffer = Buffer.allocUnsafe(4096);
  /** How many bytes are gathered. */
  length = 0;

  /** A number below 2^53. */
  number(value: number): this {
    this.reserve(8);
    this.buffer.writeUInt32LE(value >>> 0, this.length);
    this.buffer.writeUInt32LE(Math.floor(value / 2 ** 32), this.length + 4);
    this.length += 8;
    return this;
  }

  string(value: string): this {
    const length = Buffer.byteLength(value);
    this.number(length).reserve(padded(length));
    this.buffer.write(value, this.length);
    this.buffer.fill(0, this.length + length, this.length + padded(length));
    this.length += padded(length);
    return this;
  }

  list(values: readonly string[]): this {
    this.number(values.length);
    for (const value of values) this.string(value);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  /** All that was gathered; the writer begins anew. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.length);
    this.buffer = Buffer.allocUnsafe(Math.max(4096, this.length));
    this.length = 0;
    return taken;
  }

  private reserve(length: number): void {
    if (this.length + length <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + length));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** A stream ended in the middle of something. */
export class EndedEarly extends Error {}

/** Reads what a {@link WireWriter} gathers, and bytes in between, from a stream. */
export class WireReader {
  private buffer: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  /** @param chunks for example a process' standard output */
  constructor(chunks: AsyncIterable<Buffer>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /**
   * What `parse` makes of the next bytes; where they are not all there yet, it is called again when more are.
   *
   * @throws {@link EndedEarly}
   */
  async read<T>(parse: (cursor: Cursor) => T): Promise<T> {
    while (true) {
      const cursor = new Cursor(this.buffer);
      try {
        const value = parse(cursor);
        this.buffer = this.buffer.subarray(cursor.position);
        return value;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.buffer = Buffer.concat([this.buffer, await this.next()]);
      }
    }
  }

  /** At least one and at most `length` of the next bytes. @throws {@link EndedEarly} */
  async some(length: number): Promise<Buffer> {
    if (this.buffer.length === 0) this.buffer = await this.next();
    const bytes = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(bytes.length);
    return bytes;
  }

  private async next(): Promise<Buffer> {
    const { value, done } = await this.chunks.next();
    if (done) throw new EndedEarly();
    return value;
  }
}

/** A place in bytes; reading past their end throws a `RangeError`. */
export class Cursor {
  position = 0;

  constructor(private readonly bytes: Buffer) {}

  number(): number {
    const value =
      this.bytes.readUInt32LE(this.position) + this.bytes.readUInt32LE(this.position + 4) * 2 ** 32;
    this.position += 8;
    return value;
  }

  string(): string {
    const length = this.number();
    const start = this.position;
    this.position += padded(length);
    if (this.position > this.bytes.length) throw new RangeError("there are no more bytes");
    return this.bytes.toString("utf8", start, start + length);
  }

  list(): string[] {
    const values: string[] = [];
    for (let left = this.number(); left > 0; left -= 1) values.push(this.string());
    return values;
  }
}
