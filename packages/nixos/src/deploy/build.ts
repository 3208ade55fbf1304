import { BuildQueue } from "./build-queue.js";
import type { Deployment } from "./deployment.js";
import { keepBuilt } from "./roots.js";

const builds = new BuildQueue();

/** Realises the machine's derivation on this computer, together with those of other machines. */
export async function buildSystem({ inputs, status }: Deployment): Promise<void> {
  status.show("waiting to build");
  await builds.build({ drvPath: inputs.drvPath, outPath: inputs.toplevel }, ({ built, fetched, current }) =>
    status.show(`building ${current} (${built} built, ${fetched} fetched)`),
  );
  await keepBuilt(inputs);
}
