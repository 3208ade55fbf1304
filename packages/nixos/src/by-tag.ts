import type * as pulumi from "@pulumi/pulumi";
import { FirnError } from "./errors.js";
import type { Host, MachineSpec, Target } from "./target.js";

/**
 * A target that is another one for each machine, by the machine's tags.
 *
 * @param choices by tag, the first that the machine has counts; `default` serves machines that have none of them
 * @throws (when a machine is declared) where none of its tags is named and there is no `default`
 * @example byTag({ database: hcloud({ serverType: "ccx13" }), default: hcloud({ serverType: "cx23" }) })
 */
export function byTag(choices: Readonly<Record<string, Target>>): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const tag = Object.keys(choices).find((each) => machine.tags.includes(each)) ?? "default";
      const target = Object.hasOwn(choices, tag) ? choices[tag] : undefined;
      if (!target)
        throw new FirnError(
          `byTag() has no target for the machine "${machine.name}", whose tags are ${machine.tags.join(", ") || "none"}; ` +
            `it knows ${Object.keys(choices).join(", ") || "no tag"}. Tag the machine, or add "default".`,
        );
      return target.provision(machine, opts);
    },
  };
}
