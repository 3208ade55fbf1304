import * as pulumi from "@pulumi/pulumi";
import { applyWithUnknowns } from "../pulumi-internals.js";

/**
 * What a resource tells, as an argument that another resource cannot be without. Where the first one could not be made
 * (`pulumi up --continue-on-error`), Pulumi leaves out the other one as well; but it checks its arguments before, takes
 * one that is not known for missing, and ends the whole run for it. So it gets an empty one.
 */
export function told(output: pulumi.Output<string>): pulumi.Output<string> {
  return applyWithUnknowns(output, async (value) =>
    pulumi.isUnknown(value) && !pulumi.runtime.isDryRun() ? "" : value,
  );
}
