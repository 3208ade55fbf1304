import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Canary } from "./canary.js";
import type { Finding } from "./files.js";

/** Samples what all processes of this computer, its machines' included, show in their arguments and environments. */
export interface ProcessWatch {
  /** Ends it; returns what was found, and how often was looked. */
  stop(): Promise<{ findings: readonly Finding[]; samples: number }>;
}

/**
 * Starts looking; in a process of its own, so that a busy test does not keep it from looking.
 *
 * @param inEnvironment canaries that may be in environments, because they come from one
 */
export function watchProcesses(
  canaries: readonly Canary[],
  inEnvironment: readonly Canary[] = [],
): ProcessWatch {
  const sampler = fileURLToPath(new URL("sampler.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", sampler], { stdio: ["pipe", "pipe", "inherit"] });
  const said: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
  // By standard input: in its arguments it would find them itself.
  const allowed = inEnvironment.map(({ name }) => name);
  child.stdin.write(
    `${JSON.stringify({ canaries: canaries.map(({ name, value }) => ({ name, value })), allowed })}\n`,
  );
  return {
    async stop() {
      child.stdin.end();
      await ended(child);
      return JSON.parse(Buffer.concat(said).toString("utf8"));
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
}
