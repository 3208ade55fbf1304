import * as pulumi from "@pulumi/pulumi";
import { applyWithUnknowns } from "../pulumi-internals.js";

/**
 * A value of which Pulumi does not know where it comes from, so that a resource that has it is not deleted before the
 * other one is replaced: a server is gone first, and lets go of its volumes. `dependsOn` still says the order.
 */
export function untracked(output: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.output(
    new Promise<string>((resolve, reject) => {
      const given = applyWithUnknowns(output, async (value) => {
        resolve(value);
        return value;
      });
      (given as unknown as { promise(): Promise<string> }).promise().catch(reject);
    }),
  );
}
