import { type CopyProgress, copyClosure, type Host, keepFromCollector, shareClosure } from "@firn/host";
import { Gate, LIMITS } from "../limits.js";
import type { Deployment } from "./deployment.js";
import { megabytes } from "./megabytes.js";

const copies = new Gate(LIMITS.copies);

/** Sends the machine what its store lacks of the system's closure, or lets it fetch that. */
export async function copySystem(deployment: Deployment, host: Host): Promise<void> {
  const { toplevel, sharesStore } = deployment.inputs;
  if (!(sharesStore && (await copies.run(() => shareClosure(host, toplevel)))))
    await copy(deployment, host, toplevel);
  await keepFromCollector(host, toplevel);
}

/**
 * Sends the machine what it needs to build its system itself.
 *
 * @returns whether it needs to: false where it has the system already
 */
export async function copyDerivation(deployment: Deployment, host: Host): Promise<boolean> {
  const { drvPath, toplevel } = deployment.inputs;
  const { exitCode } = await host.run(["nix-store", "--check-validity", toplevel], { check: false });
  if (exitCode !== 0) await copy(deployment, host, drvPath);
  return exitCode !== 0;
}

async function copy({ status }: Deployment, host: Host, path: string): Promise<void> {
  const onProgress = (progress: CopyProgress) => status.show(describe(progress));
  const { repaired, refused } = await copies.run(() => copyClosure(host, [path], { onProgress }));
  if (refused !== "") status.warn(`sent what the machine's binary cache has, too: ${refused}`);
  if (repaired.length > 0)
    status.warn(
      `files of ${repaired.length} store paths were lost there, and were put back: ${some(repaired)}`,
    );
}

function describe({ phase, paths, bytes = 0, totalBytes = 0 }: CopyProgress): string {
  switch (phase) {
    case "query":
      return `comparing ${paths} store paths`;
    case "fetch":
      return `fetching ${paths} paths from its binary caches`;
    case "send":
      return `copying ${paths} paths, ${megabytes(bytes)} of ${megabytes(totalBytes)} MB`;
    case "repair":
      return `putting back ${paths} store paths`;
  }
}

function some(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(", ");
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
