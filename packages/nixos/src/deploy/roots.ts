import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { addRoot } from "@firn/nix";
import { renderedDirectory } from "../evaluation/network.js";
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

/** Lets go of the systems of machines that a network has no more. */
export function forgetOthers(
  root: string,
  stack: string,
  network: string,
  machines: readonly string[],
): void {
  const directory = rootsOf(root, stack, network);
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory))
    if (!machines.includes(name.replace(/\.(next|previous)$/, ""))) rmSync(join(directory, name));
}

function rootOf({ component, network, machine }: SystemInputs): string {
  // `dev` of `urn:pulumi:dev::shop::…`
  const stack = component.split("::")[0]?.split(":").at(-1) ?? "";
  const directory = rootsOf(projectRoot(), stack, network);
  mkdirSync(directory, { recursive: true });
  return join(directory, machine);
}

function rootsOf(root: string, stack: string, network: string): string {
  return join(renderedDirectory(root, stack, network), "roots");
}
