import { hostname, userInfo } from "node:os";
import { activate, connect, copyClosure } from "@firn/host";
import { BuildQueue } from "./build-queue.js";
import { Gate, LIMITS } from "./limits.js";
import { sshTarget } from "./ssh-target.js";
import type { Status } from "./status.js";
import type { SystemInputs } from "./system.js";

const builds = new BuildQueue();
const copies = new Gate(LIMITS.copies);
const activations = new Gate(LIMITS.activations);

/** How long a machine may take until its sshd answers, in milliseconds: a new one boots first. */
export const PATIENCE = { created: 180_000, running: 15_000 } as const;

/**
 * Brings one machine to its system: build, copy, activate, confirm. Each phase may be repeated, so that a run after
 * a failure goes on where it ended.
 *
 * @param waitMs how long the machine may take until its sshd answers
 * @throws an error whose message names machine and phase
 */
export async function deploy(inputs: SystemInputs, status: Status, waitMs: number): Promise<void> {
  await phase(inputs, "build", async () => {
    status.show("waiting to build");
    await builds.build({ drvPath: inputs.drvPath, outPath: inputs.toplevel }, ({ built, fetched, current }) =>
      status.show(`building ${current} (${built} built, ${fetched} fetched)`),
    );
  });
  status.show("connecting");
  const target = sshTarget(inputs);
  const host = await phase(inputs, "connect", () => connect(target, { waitMs }));
  try {
    await phase(inputs, "copy", () =>
      copies.run(() =>
        copyClosure(host, [inputs.toplevel], {
          onProgress: ({ paths, bytes }) =>
            status.show(`copying ${paths} paths${bytes ? `, ${megabytes(bytes)}` : ""}`),
        }),
      ),
    );
    const result = await phase(inputs, "activate", () =>
      activations.run(() =>
        activate(host, {
          toplevel: inputs.toplevel,
          goal: "switch",
          owner: `${userInfo().username}@${hostname()}`,
          reconnect: () => connect(target),
          onProgress: (message) => status.show(message),
        }),
      ),
    );
    status.show(result.status === "unchanged" ? "runs this system already" : "activated");
  } finally {
    await host.close();
  }
}

async function phase<T>(inputs: SystemInputs, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`machine "${inputs.machine}", phase ${name}: ${message}`, { cause: error });
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
