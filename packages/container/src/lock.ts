import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ContainerError } from "./errors.js";
import { PROGRAM_ENVIRONMENT } from "./run.js";

/** Guards addresses, bridges and the limits of this computer, which all state directories share. */
export const COMPUTER_LOCK = "/run/firn/lock";

/**
 * Does something while no other process, and nothing else in this one, holds the same lock file.
 * The kernel lets go of the lock when this process ends, however it ends.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  // `cat` echoes the first byte once flock has the lock, and ends with our end of its input.
  const holder = spawn("flock", [file, "cat"], {
    env: PROGRAM_ENVIRONMENT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  holder.stdin.on("error", () => {});
  holder.stdin.write("\n");
  const ended = once(holder, "close").then(([code]) => {
    throw new ContainerError(`The lock ${file} cannot be taken: flock ended with ${code}.`);
  });
  ended.catch(() => {});
  try {
    await Promise.race([once(holder.stdout, "data"), ended]);
    return await work();
  } finally {
    holder.stdin.end();
  }
}
