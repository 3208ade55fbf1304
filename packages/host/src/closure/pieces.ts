/** A stream of bytes that is taken in parts. */
export class Pieces {
  private readonly source: AsyncIterator<Buffer>;
  private rest: Buffer | undefined;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or all that are left, as they come. */
  async *take(length = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      const piece = this.rest ?? (await this.next());
      if (piece === undefined) return;
      this.rest = piece.length > left ? piece.subarray(left) : undefined;
      left -= piece.length;
      yield this.rest ? piece.subarray(0, piece.length - this.rest.length) : piece;
    }
  }

  private async next(): Promise<Buffer | undefined> {
    const { value, done } = await this.source.next();
    return done ? undefined : value;
  }
}
