import { type Host, keepFromCollector } from "@firn/host";
import type { MachineKeys } from "../keys/values.js";
import { activates, type Reached } from "../system-outputs.js";
import { activateSystem } from "./activate.js";
import { checkAdoption } from "./adopt.js";
import { buildOnMachine, buildSystem } from "./build.js";
import { connectToDeploy } from "./connect.js";
import { withConsole } from "./console.js";
import { copyDerivation, copySystem } from "./copy.js";
import { type Deployment, phase } from "./deployment.js";
import { installSystem } from "./install.js";
import { placeMachineKeys, settleMachineKeys } from "./keys.js";
import { RollingUpdates, type Turn } from "./rolling.js";
import { keepDeployed } from "./roots.js";
import { startHost } from "./start.js";

/** All of a run: one process serves all machines. */
const rollingUpdates = new RollingUpdates();

/** How long a machine may take until its sshd answers, in milliseconds: a new one boots first. */
export const PATIENCE = { created: 180_000, running: 15_000 } as const;

/**
 * Brings one machine as far as its goal says: build, copy, keys, activate, confirm; a machine that builds
 * for itself is sent its derivation instead. Each phase may be repeated, so that a run after a failure goes on where it
 * ended. Keys are there before what needs them starts, also after a reboot; those that are declared no more go when
 * nothing that runs needs them.
 *
 * @throws an error whose message names machine and phase
 */
export async function deploy(deployment: Deployment): Promise<Reached> {
  const turn = await phase(deployment, "rolling update", async () =>
    rollingUpdates.announce(deployment.inputs),
  );
  try {
    const reached = await deployInTurn(deployment, turn);
    turn.end();
    return reached;
  } catch (failure) {
    const error = await withConsole(failure, deployment.inputs);
    const stops = turn.end(error);
    throw stops === "" ? error : new Error(`${(error as Error).message}${stops}`, { cause: error });
  }
}

async function deployInTurn(deployment: Deployment, turn: Turn): Promise<Reached> {
  const { keys, inputs, status } = deployment;
  const { goal, buildOn } = inputs;
  if (buildOn !== "target") {
    await phase(deployment, "build", () => buildSystem(deployment));
    if (goal === "build") return { goal };
  }
  if (!(await phase(deployment, "start", () => startHost(deployment, activates(goal))))) return { goal };
  let host = await phase(deployment, "connect", () => connectToDeploy(deployment));
  try {
    if (deployment.isFirst) await phase(deployment, "connect", () => checkAdoption(host, inputs));
    if (inputs.install && activates(goal))
      host = await phase(deployment, "install", () => installSystem(deployment, host));
    if (buildOn === "target") await buildThere(deployment, host);
    else await phase(deployment, "copy", () => copySystem(deployment, host));
    if (goal === "build" || goal === "copy") return { goal };
    if (inputs.rolling) status.show("waiting for its turn");
    await phase(deployment, "rolling update", () => turn.begin());
    if (keys && activates(goal))
      await phase(deployment, "keys", () => placeMachineKeys(deployment, host, keys));
    const { connected, ...reached } = await phase(deployment, "activate", () =>
      activateSystem(deployment, host),
    );
    if (reached.activated && buildOn !== "target") await keepDeployed(inputs);
    if (keys && reached.activated?.running === inputs.toplevel) {
      if (!connected) {
        await host.close();
        host = await phase(deployment, "connect", () => connectToDeploy(deployment));
      }
      await phase(deployment, "keys", () => settleMachineKeys(deployment, host, keys));
    }
    return reached;
  } finally {
    await host.close();
  }
}

/** Copies the derivation alone, and lets the machine build it. */
async function buildThere(deployment: Deployment, host: Host): Promise<void> {
  const isNeeded = await phase(deployment, "copy", () => copyDerivation(deployment, host));
  if (isNeeded) await phase(deployment, "build", () => buildOnMachine(deployment, host));
  await keepFromCollector(host, deployment.inputs.toplevel);
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
