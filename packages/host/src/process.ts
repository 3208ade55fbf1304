import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { RunOptions, RunResult } from "./host.js";

export interface ProcessResult extends RunResult {
  /** Why the process was ended from here, if it was. */
  readonly ended?: "timeout" | "aborted";
  /** What ended it, where it did not exit; `exitCode` is 1 then. */
  readonly signal?: NodeJS.Signals;
}

/**
 * Runs a program of this computer with an argument array and collects its output.
 *
 * @throws the error of `spawn` when the program cannot be started, or the error of `input` when that stream fails.
 */
export async function runProcess(
  program: string,
  args: readonly string[],
  options: Pick<RunOptions, "input" | "timeoutMs" | "onLine" | "signal"> & {
    env?: NodeJS.ProcessEnv;
    cwd?: string;
  } = {},
): Promise<ProcessResult> {
  if (options.signal?.aborted) return { stdout: "", stderr: "", exitCode: 1, ended: "aborted" };
  const child = spawn(program, args, {
    env: options.env,
    cwd: options.cwd,
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  let ended: ProcessResult["ended"];
  const end = (reason?: ProcessResult["ended"]) => {
    ended ??= reason;
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), 2000).unref();
    // Others may hold the ends of its pipes, as ssh's master does: without this they would be waited for.
    child.once("exit", () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
  };
  const onAbort = () => end("aborted");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const timer =
    options.timeoutMs === undefined ? undefined : setTimeout(() => end("timeout"), options.timeoutMs);

  const stdout = collect(child.stdout, (line) => options.onLine?.(line, "stdout"));
  const stderr = collect(child.stderr, (line) => options.onLine?.(line, "stderr"));
  let inputError: Error | undefined;
  if (child.stdin) {
    const input =
      options.input instanceof Readable ? options.input : Readable.from([Buffer.from(options.input ?? "")]);
    pipeline(input, child.stdin).catch((error: NodeJS.ErrnoException) => {
      // A program that ends early closes its input; its exit code tells why.
      if (error.code === "EPIPE" || error.code === "ERR_STREAM_PREMATURE_CLOSE") return;
      inputError = error;
      end();
    });
  }
  try {
    const exit = await new Promise<Pick<ProcessResult, "exitCode" | "signal">>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ exitCode: code ?? 1, ...(signal ? { signal } : {}) }));
    });
    if (inputError) throw inputError;
    return { stdout: stdout(), stderr: stderr(), ...exit, ...(ended ? { ended } : {}) };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
  }
}

/** Keeps all that a stream says and hands out its lines as they come. */
function collect(stream: Readable | null, onLine: (line: string) => void): () => string {
  const chunks: Buffer[] = [];
  let partial = Buffer.alloc(0);
  stream?.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    let start = 0;
    for (let index = chunk.indexOf(10); index >= 0; index = chunk.indexOf(10, start)) {
      onLine(Buffer.concat([partial, chunk.subarray(start, index)]).toString("utf8"));
      partial = Buffer.alloc(0);
      start = index + 1;
    }
    partial = Buffer.concat([partial, chunk.subarray(start)]);
  });
  stream?.on("end", () => {
    if (partial.length > 0) onLine(partial.toString("utf8"));
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
