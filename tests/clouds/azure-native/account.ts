import { Account } from "../plugin/account.js";
import { Cloud } from "../plugin/cloud.js";
import { sdkSchema } from "../plugin/sdk-schema.js";
import { kinds, TOKENS } from "./kinds.js";
import { refuse } from "./refuse.js";

/** The stand-in for Azure. */
export function account(directory?: string): Account {
  const schema = sdkSchema("@pulumi/azure-native", TOKENS);
  return new Account(new Cloud("azure-native", directory), schema, kinds, {
    taken: (kind) =>
      refuse(409, "Conflict", `The ${kind} exists already: import it, or choose another name.`),
    quota: (kind) =>
      refuse(
        409,
        "OperationNotAllowed",
        `Operation could not be completed as it results in exceeding approved ${kind} quota.`,
      ),
  });
}
