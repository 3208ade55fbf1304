import { existsSync, mkdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { addRoot } from "@firn/nix";
import { projectRoot } from "../evaluation/project.js";
import type { SystemInputs } from "../system.js";

/**
 * Keeps a system that was built from this computer's garbage collector until it is deployed or another one is built.
 * Roots are links in `.firn/<stack>/<network>/roots`, so that they go with the project.
 */
export async function keepBuilt(inputs: SystemInputs): Promise<void> {
  const link = rootOf(inputs);
  if (existsSync(link) && readlinkSync(link) === inputs.toplevel) return;
  await addRoot(`${link}.next`, inputs.toplevel);
}

/** Keeps a system that was activated, and the one before it: what a later copy or a way back needs. */
export async function keepDeployed(inputs: SystemInputs): Promise<void> {
  const link = rootOf(inputs);
  const before = existsSync(link) ? readlinkSync(link) : undefined;
  if (before !== inputs.toplevel) {
    if (before !== undefined) await addRoot(`${link}.previous`, before);
    await addRoot(link, inputs.toplevel);
  }
  rmSync(`${link}.next`, { force: true });
}

function rootOf({ component, network, machine }: SystemInputs): string {
  // `dev` of `urn:pulumi:dev::shop::…`
  const stack = component.split("::")[0]?.split(":").at(-1) ?? "";
  const directory = join(projectRoot(), ".firn", stack, network, "roots");
  mkdirSync(directory, { recursive: true });
  return join(directory, machine);
}
