import { existsSync, mkdirSync, readlinkSync, renameSync } from "node:fs";
import { join } from "node:path";
import { addRoot } from "@firn/nix";
import { projectRoot } from "../evaluation/project.js";
import type { SystemInputs } from "../system.js";

/**
 * Keeps a machine's system on this computer, and the one before it: what a later copy or a way back needs must outlive
 * `nix-collect-garbage`. The roots are links in `.firn/<stack>/<network>/roots`, so that they go with the project.
 */
export async function keepSystem(inputs: SystemInputs): Promise<void> {
  const directory = join(projectRoot(), ".firn", stackOf(inputs.component), inputs.network, "roots");
  mkdirSync(directory, { recursive: true });
  const link = join(directory, inputs.machine);
  if (existsSync(link) && readlinkSync(link) !== inputs.toplevel) {
    // Nix finds a root by the path of its link, so that a renamed one has to be told anew.
    renameSync(link, `${link}.previous`);
    await addRoot(`${link}.previous`, readlinkSync(`${link}.previous`));
  }
  await addRoot(link, inputs.toplevel);
}

/** `dev` of `urn:pulumi:dev::shop::…`. */
function stackOf(urn: string): string {
  return urn.split("::")[0]?.split(":").at(-1) ?? "";
}
