import { spawn } from "node:child_process";
import { type Readable, Transform } from "node:stream";
import { lastLines } from "../errors.js";
import { commandHint } from "../hints.js";

export interface ExportStream {
  /** Ends when all is exported; fails when the export does, so that no importer takes a torn stream for a whole one. */
  readonly stream: Readable;
  /** What the export said if it failed by itself; undefined when it went well or was stopped. */
  failure(): Promise<string | undefined>;
  stop(): void;
}

/** `nix-store --export` of `paths` from this computer's store, whose bytes are counted as they are taken. */
export function exportStream(paths: readonly string[], onBytes: (count: number) => void): ExportStream {
  const child = spawn("nix-store", ["--export", ...paths], { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-16_384);
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("error", (error) => {
      stderr += error.message;
      resolve({ code: 1, signal: null });
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
    async flush(done) {
      const { code } = await ended;
      done(
        code === 0 ? null : new Error(`the export from this computer's store failed:${lastLines(stderr, 5)}`),
      );
    },
  });
  child.stdout.pipe(stream);
  return {
    stream,
    async failure() {
      child.stdout.destroy();
      const { code, signal } = await ended;
      const pipeBroke = signal !== null || /Broken pipe/.test(stderr);
      return code === 0 || pipeBroke ? undefined : `${lastLines(stderr, 5)}${commandHint(stderr)}`;
    },
    stop: () => {
      stream.destroy();
      child.kill("SIGTERM");
    },
  };
}
