import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../evaluation/project.js";
import type { HostStarter } from "../target.js";
import type { Deployment } from "./deployment.js";

/**
 * Has a host that boots from its own closure run, before anybody connects to it.
 *
 * @param activates whether the deployment goes on to an activation: none other starts a host
 * @returns whether there is a host to connect to
 */
export async function startHost({ inputs, status }: Deployment, activates: boolean): Promise<boolean> {
  if (inputs.startedBy === undefined) return true;
  const starter = await starterOf(inputs.startedBy);
  if (activates) {
    status.show("starting it");
    await starter.start(inputs.hostId, inputs.toplevel);
    return true;
  }
  if (await starter.isStarted(inputs.hostId)) return true;
  status.note("it has no system yet: its first activation starts it");
  return false;
}

/** The target's module, as the program would import it. */
async function starterOf(name: string): Promise<HostStarter> {
  const file = createRequire(join(projectRoot(), "package.json")).resolve(name);
  const { starter } = (await import(pathToFileURL(file).href)) as { readonly starter: HostStarter };
  return starter;
}
