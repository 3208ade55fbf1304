import { CommandError } from "../errors.js";
import type { Host } from "../host.js";
import { knownCaches, rememberCaches } from "./caches.js";
import { damagedHere, LocalStore } from "./local-store.js";
import { putBack } from "./put-back.js";
import type { PathInfo } from "./serve.js";
import { transfer } from "./transfer.js";

export interface CopyProgress {
  /**
   * `query`: asking the machine what it lacks. `fetch`: it fetches paths from its own binary caches. `send`: the stream
   * is on its way. `repair`: files that it has lost are put back.
   */
  readonly phase: "query" | "fetch" | "send" | "repair";
  /** Paths of the closure while asking; paths that were fetched so far, or that are sent or repaired. */
  readonly paths: number;
  /** Bytes that are on their way, before they are packed. */
  readonly bytes?: number;
  /** Bytes to send. */
  readonly totalBytes?: number;
}

export interface CopyOptions {
  readonly onProgress?: (progress: CopyProgress) => void;
}

export interface CopyResult {
  /** How many paths were sent. */
  readonly paths: number;
  /** Their bytes, before they were packed. */
  readonly bytes: number;
  /** How many paths the machine fetched from its own binary caches. */
  readonly fetched: number;
  /** Paths that the machine's store knew, but whose files were gone; they are there again. */
  readonly repaired: readonly string[];
  /** Why the machine did not take what its caches offered, in Nix' words; empty when there was no reason. */
  readonly refused: string;
}

/**
 * Copies store paths with all that they need from this computer's store to a machine's: asks once which of them the
 * machine lacks, lets it fetch what its own binary caches have (where they answer within a second), and sends the rest
 * in one stream. What has arrived whole stays when the stream is cut, so that the next run sends only what is missing.
 *
 * @throws {@link DiskFullError}, {@link CommandError} when a store refuses, {@link UnreachableError}
 */
export async function copyClosure(
  host: Host,
  paths: readonly string[],
  options: CopyOptions = {},
): Promise<CopyResult> {
  const progress = options.onProgress ?? (() => {});
  return LocalStore.use(async (store) => {
    let closure: readonly PathInfo[] = [];
    const known = store.closure(paths).then((infos) => {
      closure = infos;
      progress({ phase: "query", paths: infos.length });
      return infos;
    });
    let fetched = 0;
    let totalBytes = 0;
    let sending: PathInfo[] = [];
    const { sent, answer, stderr } = await transfer(host, store, known, knownCaches(host), {
      onFetch: () => progress({ phase: "fetch", paths: ++fetched }),
      onAnswer({ missing }) {
        sending = closure.filter(({ path }) => missing.has(path));
        totalBytes = sending.reduce((sum, { narSize }) => sum + narSize, 0);
      },
      onSend: (bytes) => progress({ phase: "send", paths: sending.length, bytes, totalBytes }),
    }).catch((error) => explain(error, sending));
    if (answer.caches !== undefined) rememberCaches(host, answer.caches);
    const vanished = closure.filter(({ path }) => answer.vanished.has(path));
    if (vanished.length > 0) {
      progress({ phase: "repair", paths: vanished.length });
      await putBack(host, vanished);
    }
    return {
      paths: sent.length,
      bytes: totalBytes,
      fetched: [...answer.offered].filter((path) => !answer.missing.has(path)).length,
      repaired: vanished.map(({ path }) => path),
      refused: refusal(stderr),
    };
  });
}

/** The first complaint about a signature. */
function refusal(stderr: string): string {
  return (
    /^(?:warning: )?(.*(?:not signed by any of the keys|does not have a valid signature).*)$/m.exec(
      stderr,
    )?.[1] ?? ""
  );
}

/** What a machine's store cannot take, because it is not what was announced, is damaged on this side. */
async function explain(error: unknown, sent: readonly PathInfo[]): Promise<never> {
  const isOtherwise = error instanceof CommandError && /mismatch|end-of-file|archive/.test(error.stderr);
  throw (isOtherwise && (await damagedHere(sent.map(({ path }) => path)))) || error;
}
