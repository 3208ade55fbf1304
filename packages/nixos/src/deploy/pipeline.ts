import type { MachineKeys } from "../keys/values.js";
import { activateSystem } from "./activate.js";
import { buildSystem } from "./build.js";
import { connectToDeploy } from "./connect.js";
import { copySystem } from "./copy.js";
import { type Deployment, phase } from "./deployment.js";
import { placeMachineKeys, settleMachineKeys } from "./keys.js";

/** How long a machine may take until its sshd answers, in milliseconds: a new one boots first. */
export const PATIENCE = { created: 180_000, running: 15_000 } as const;

/**
 * Brings one machine to its system: build, copy, keys, activate, confirm. Each phase may be repeated, so that a run
 * after a failure goes on where it ended. Keys are there before what needs them starts; those that are declared no
 * more go when nothing that runs needs them.
 *
 * @throws an error whose message names machine and phase
 */
export async function deploy(deployment: Deployment): Promise<void> {
  const { keys } = deployment;
  await phase(deployment, "build", () => buildSystem(deployment));
  const host = await phase(deployment, "connect", () => connectToDeploy(deployment));
  try {
    await phase(deployment, "copy", () => copySystem(deployment, host));
    if (keys) await phase(deployment, "keys", () => placeMachineKeys(deployment, host, keys));
    await phase(deployment, "activate", () => activateSystem(deployment, host));
    if (keys) await phase(deployment, "keys", () => settleMachineKeys(deployment, host, keys));
  } finally {
    await host.close();
  }
}

/**
 * Brings a machine's keys to what they shall be and leaves its system alone.
 *
 * @throws an error whose message names machine and phase
 */
export async function deployKeys(deployment: Deployment & { readonly keys: MachineKeys }): Promise<void> {
  const { keys } = deployment;
  const host = await phase(deployment, "connect", () => connectToDeploy(deployment));
  try {
    const unsettled = await phase(deployment, "keys", () => placeMachineKeys(deployment, host, keys));
    if (unsettled) await phase(deployment, "keys", () => settleMachineKeys(deployment, host, keys));
  } finally {
    await host.close();
  }
}
