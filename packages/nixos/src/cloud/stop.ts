import * as pulumi from "@pulumi/pulumi";
import type { MachineSpec } from "../target.js";

/** Whether a change may switch a running server off. */
export type StopPolicy = "when-needed" | "never";

/**
 * Options of a server that refuse, in the preview already, a change for which the cloud would have to switch it off.
 *
 * @param needsStop inputs of the server that only change while it is off, such as `size` or `hardware.size`
 * @param stop where it is `never`; otherwise there is nothing to refuse
 */
export function withoutStop(
  machine: MachineSpec,
  needsStop: readonly string[],
  stop: StopPolicy | undefined,
): pulumi.CustomResourceOptions {
  if (stop !== "never") return {};
  const refuse = ({ oldInputs = {}, newInputs = {} }: pulumi.ResourceHookArgs) => {
    const values = needsStop.map((input) => ({
      input,
      from: at(oldInputs, input),
      to: at(newInputs, input),
    }));
    const changed = values.filter(({ from, to }) => from !== to);
    if (changed.length === 0) return;
    const what = changed.map(({ input, from, to }) => `${input} (${from} to ${to})`).join(", ");
    throw new Error(
      `machine "${machine.name}": a change of ${what} would switch it off, and its target says stop: "never". Say stop: "when-needed" for as long as that takes.`,
    );
  };
  const hook = new pulumi.ResourceHook(`${machine.network}-${machine.name}-stop`, refuse, { onDryRun: true });
  return { hooks: { beforeUpdate: [hook] } };
}

function at(inputs: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], inputs);
}
