import { CommandError, HostError } from "../errors.js";
import type { Host } from "../host.js";
import { localHost } from "../local.js";
import { readScript } from "../scripts.js";
import { exportStream } from "./export.js";

export interface CopyProgress {
  /** `query`: asking the machine what it lacks. `send`: the stream is on its way. */
  readonly phase: "query" | "send";
  /** Paths of the closure while asking, paths to send while sending. */
  readonly paths: number;
  /** Bytes sent so far. */
  readonly bytes?: number;
}

export interface CopyOptions {
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** Paths that go in one stream: an argument list has room for about 20,000. */
const PATHS_PER_STREAM = 8000;

/**
 * Copies store paths with all that they need from this computer's store to a machine's: asks once which of them the
 * machine lacks and sends those in one stream.
 *
 * @returns how many paths and bytes were sent
 * @throws {@link DiskFullError}, {@link CommandError} when a store refuses, {@link UnreachableError}
 */
export async function copyClosure(
  host: Host,
  paths: readonly string[],
  options: CopyOptions = {},
): Promise<{ paths: number; bytes: number }> {
  const closure = await requisites(paths);
  options.onProgress?.({ phase: "query", paths: closure.length });
  const missing = await missingPaths(host, closure);
  let bytes = 0;
  for (let start = 0; start < missing.length; start += PATHS_PER_STREAM) {
    const batch = missing.slice(start, start + PATHS_PER_STREAM);
    await send(host, batch, (count) => {
      bytes += count;
      options.onProgress?.({ phase: "send", paths: missing.length, bytes });
    });
  }
  return { paths: missing.length, bytes };
}

/** The closure of `paths` in this computer's store, what is needed before what needs it. */
async function requisites(paths: readonly string[]): Promise<string[]> {
  const { stdout } = await localHost().run(["nix-store", "--query", "--requisites", ...paths]);
  return stdout.split("\n").filter((line) => line !== "");
}

async function missingPaths(host: Host, closure: readonly string[]): Promise<string[]> {
  const input = closure.map((path) => `${path}\n`).join("");
  const { stdout } = await host.run(["sh", "-c", readScript("missing.sh")], {
    input,
    privileged: true,
    title: "asking which store paths are missing",
  });
  const invalid = new Set(stdout.split("\n"));
  return closure.filter((path) => invalid.has(path));
}

async function send(host: Host, paths: readonly string[], onBytes: (count: number) => void): Promise<void> {
  const exported = exportStream(paths, onBytes);
  try {
    await host.run(["nix-store", "--import"], { input: exported.stream, privileged: true });
  } catch (error) {
    // Whichever end failed first is the cause; the other one only saw the stream break.
    const local = await exported.failure();
    if (local !== undefined && !(error instanceof HostError && !(error instanceof CommandError)))
      throw new HostError(
        `this computer's store could not export what ${host.name} lacks:${local}`,
        host.name,
        { cause: error },
      );
    throw error;
  } finally {
    exported.stop();
  }
}
