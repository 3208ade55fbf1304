import type { SystemInputs } from "@firn/nixos/operate";
import { exportStack } from "./export.js";

const SYSTEM = "pulumi-nodejs:dynamic/firn:System";

/**
 * The machines of a stack that were deployed.
 *
 * @param names machines, by name or by network and name (`shop/db`); none means all
 * @throws when one of the names is no machine of the stack
 */
export async function deployedMachines(
  root: string,
  stack: string | undefined,
  names: readonly string[],
): Promise<SystemInputs[]> {
  const resources = await exportStack(root, stack);
  const all = resources
    .filter(({ type }) => type === SYSTEM)
    .map(({ outputs }) => outputs as unknown as SystemInputs);
  const fits = ({ network, machine }: SystemInputs, name: string) =>
    name === machine || name === `${network}/${machine}`;
  for (const name of names)
    if (!all.some((each) => fits(each, name)))
      throw new Error(
        `the stack has no machine "${name}"; it has ${all.map((each) => each.machine).join(", ") || "none"}.`,
      );
  return names.length === 0 ? all : all.filter((each) => names.some((name) => fits(each, name)));
}
