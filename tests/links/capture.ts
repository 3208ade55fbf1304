import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";

/** Records all that crosses the machines' bridge and its ports, whole packets, until it is asked what it saw. */
export async function capture(): Promise<{ stop(): Promise<Buffer> }> {
  // Without the immediate mode the kernel holds packets back for a second, and those of the end are lost.
  const child = spawn("tcpdump", ["-i", "any", "--immediate-mode", "-U", "-s", "0", "-w", "-"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const packets: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => packets.push(chunk));
  const ended = new Promise((resolve) => child.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.stderr.on("data", (chunk: Buffer) => {
      if (chunk.includes("listening on")) resolve();
    });
  });
  return {
    async stop() {
      await setTimeout(1000); // what passed by just now is still on its way to tcpdump
      child.kill("SIGINT");
      await ended;
      return Buffer.concat(packets);
    },
  };
}
