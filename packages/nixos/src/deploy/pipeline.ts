import { activateSystem } from "./activate.js";
import { buildSystem } from "./build.js";
import { connectToDeploy } from "./connect.js";
import { copySystem } from "./copy.js";
import { type Deployment, phase } from "./deployment.js";

/** How long a machine may take until its sshd answers, in milliseconds: a new one boots first. */
export const PATIENCE = { created: 180_000, running: 15_000 } as const;

/**
 * Brings one machine to its system: build, copy, activate, confirm. Each phase may be repeated, so that a run after
 * a failure goes on where it ended.
 *
 * @throws an error whose message names machine and phase
 */
export async function deploy(deployment: Deployment): Promise<void> {
  await phase(deployment, "build", () => buildSystem(deployment));
  const host = await phase(deployment, "connect", () => connectToDeploy(deployment));
  try {
    await phase(deployment, "copy", () => copySystem(deployment, host));
    await phase(deployment, "activate", () => activateSystem(deployment, host));
  } finally {
    await host.close();
  }
}
