import { Account } from "../plugin/account.js";
import { ApiError } from "../plugin/api-error.js";
import { Cloud } from "../plugin/cloud.js";
import { sdkSchema } from "../plugin/sdk-schema.js";
import { kinds, TOKENS } from "./kinds.js";

/** The stand-in for Datadog. */
export function account(directory?: string): Account {
  return new Account(new Cloud("datadog", directory), sdkSchema("@pulumi/datadog", TOKENS), kinds, {
    taken: (kind) => new ApiError(409, `error creating ${kind}: 409 Conflict`),
    quota: (kind) => new ApiError(403, `error creating ${kind}: 403 Forbidden`),
  });
}
