import { type Host, reachableCaches } from "@firn/host";
import { type BuildPlace, type RealiseProgress, realise } from "@firn/nix";
import { BuildQueue } from "./build-queue.js";
import type { Deployment } from "./deployment.js";
import { keepBuilt } from "./roots.js";

const builds = new BuildQueue();

/** Realises the machine's derivation on this computer and its builders, together with those of other machines. */
export async function buildSystem({ inputs, status }: Deployment): Promise<void> {
  status.show("waiting to build");
  await builds.build({ drvPath: inputs.drvPath, outPath: inputs.toplevel }, (progress) =>
    status.show(describe(progress)),
  );
  await keepBuilt(inputs);
}

/**
 * Realises the machine's derivation, which it has, on the machine. It fetches what its own binary caches have, as far as
 * they answer.
 *
 * @throws a `BuildError` with the failing derivation's last log lines
 */
export async function buildOnMachine({ inputs, status }: Deployment, host: Host): Promise<void> {
  status.show("building on the machine");
  const place: BuildPlace = {
    name: inputs.machine,
    run: (command, args, options = {}) =>
      host.run([command, ...args], {
        check: false,
        privileged: true,
        onLine: (line, from) => from === "stderr" && options.onLine?.(line),
      }),
  };
  const caches = ["--option", "substituters", await reachableCaches(host)];
  const request = { drvPath: inputs.drvPath, outPath: inputs.toplevel };
  const [error] = await realise([request], (progress) => status.show(describe(progress)), place, caches);
  if (error) throw error;
}

function describe({ built, fetched, current, on }: RealiseProgress): string {
  return `building ${current}${on ? ` on ${on}` : ""} (${built} built, ${fetched} fetched)`;
}
