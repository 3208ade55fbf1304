import { Account } from "../plugin/account.js";
import { Cloud } from "../plugin/cloud.js";
import { sdkSchema } from "../plugin/sdk-schema.js";
import { functions } from "./functions.js";
import { kindsOf, TOKENS } from "./kinds.js";
import { refuse } from "./refuse.js";

/**
 * The stand-in for AWS: inputs are checked against what the installed SDK declares, and its errors are those of EC2, in the words of the
 * provider around them.
 */
export function account(directory?: string): Account {
  const schema = sdkSchema("@pulumi/aws", TOKENS);
  return new Account(
    new Cloud("aws", directory),
    schema,
    kindsOf(schema),
    {
      taken: (kind, property) =>
        refuse(`Create${kind}`, "InvalidParameterValue", `The ${property} is already in use`),
      quota: (kind) =>
        kind === "Instance"
          ? refuse(
              "RunInstances",
              "VcpuLimitExceeded",
              "You have requested more vCPU capacity than your current vCPU limit allows for the instance bucket that the specified instance type belongs to.",
            )
          : refuse(`Create${kind}`, `${kind}LimitExceeded`, "The maximum number has been reached."),
    },
    functions,
  );
}
