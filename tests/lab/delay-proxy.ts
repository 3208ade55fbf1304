import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface DelayProxy {
  /** Where it listens on this computer's loopback. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A long line to a machine: a TCP proxy that hands on everything half a round trip later, in both directions, with as
 * much bandwidth as this computer has. A lost packet is one that arrives a round trip later, and everything after it
 * waits: so much of it does TCP show. It is a process of its own, so that it takes no time from the one that is measured.
 */
export async function delayProxy(
  to: { address: string; port: number },
  roundTripMs: number,
  lossPercent = 0,
): Promise<DelayProxy> {
  const program = fileURLToPath(new URL("delay-proxy-process.mjs", import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    [program, to.address, String(to.port), String(roundTripMs), String(lossPercent)],
    {
      // It ends with the process that started it: then its standard input does.
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  return {
    port: Number(String(line)),
    async close() {
      const ended = once(child, "exit");
      child.stdin?.end();
      await ended;
    },
  };
}
