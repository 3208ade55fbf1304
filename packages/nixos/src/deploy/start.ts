import type { HostStarter } from "../target.js";
import type { Deployment } from "./deployment.js";
import { targetModule } from "./target-module.js";

/**
 * Has a host that boots from its own closure run, before anybody connects to it.
 *
 * @param activates whether the deployment goes on to an activation: none other starts a host
 * @returns whether there is a host to connect to
 */
export async function startHost({ inputs, status }: Deployment, activates: boolean): Promise<boolean> {
  if (inputs.startedBy === undefined) return true;
  const { starter } = targetModule<{ readonly starter: HostStarter }>(inputs.startedBy);
  if (activates) {
    status.show("starting it");
    await starter.start(inputs.hostId, inputs.toplevel);
    return true;
  }
  if (await starter.isStarted(inputs.hostId)) return true;
  status.note("it has no system yet: its first activation starts it");
  return false;
}
