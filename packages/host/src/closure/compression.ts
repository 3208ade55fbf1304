import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { localEnvironment } from "../local.js";

/** A way to pack a stream: a program on this computer, and the command that unpacks it on the machine. */
export interface Compression {
  readonly pack: readonly [program: string, ...args: string[]];
  readonly unpack: string;
  /** Bytes a second below which a link is so slow that packing gains time. */
  readonly paysBelow: number;
  /** Whether it pays with every machine that is far away. */
  readonly paysFar: boolean;
}

/**
 * In order of preference. Measured with 500 MB of programs and libraries on one core: `zstd -3` packs 330 MB/s to 41 %,
 * `gzip -1` 45 MB/s to 47 %; `xz` packs 5 MB/s and never pays. On a link as fast as a gigabit (110 MB/s) zstd gains
 * only where both sides have a core to spare, so the line is drawn at half of that.
 */
const COMPRESSIONS: readonly Compression[] = [
  { pack: ["zstd", "-3", "-q", "-c"], unpack: "zstd -dc", paysBelow: 60e6, paysFar: true },
  { pack: ["gzip", "-1", "-c"], unpack: "gzip -dc", paysBelow: 25e6, paysFar: false },
];

/** What unpacks a stream that is not packed. */
export const PLAIN = "cat";

/** The best compression that both sides have. @param there programs of the machine */
export function commonCompression(there: readonly string[]): Compression | undefined {
  return COMPRESSIONS.find(({ pack: [program] }) => there.includes(program) && isHere(program));
}

function isHere(program: string): boolean {
  return localEnvironment()
    .PATH.split(delimiter)
    .some((directory) => {
      try {
        accessSync(join(directory, program), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Packs a stream. @throws what `chunks` throws, or when the program cannot be started or fails */
export async function* packed(chunks: AsyncIterable<Buffer>, { pack }: Compression): AsyncGenerator<Buffer> {
  const [program, ...args] = pack;
  const child = spawn(program, args, { env: localEnvironment(), stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`\`${program}\` failed on this computer`)),
    );
  });
  const fed = pipeline(Readable.from(chunks, { objectMode: false }), child.stdin).catch((error) => {
    child.kill("SIGKILL");
    throw error;
  });
  // Both are waited for below, but may fail before.
  fed.catch(() => {});
  ended.catch(() => {});
  try {
    yield* child.stdout;
    await fed;
    await ended;
  } finally {
    child.kill("SIGKILL");
  }
}
