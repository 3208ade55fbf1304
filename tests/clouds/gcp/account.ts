import { Account } from "../plugin/account.js";
import { Cloud } from "../plugin/cloud.js";
import { sdkSchema } from "../plugin/sdk-schema.js";
import { kinds, TOKENS } from "./kinds.js";
import { refuse } from "./refuse.js";

/** The stand-in for Google Cloud. */
export function account(directory?: string): Account {
  return new Account(new Cloud("gcp", directory), sdkSchema("@pulumi/gcp", TOKENS), kinds, {
    taken: (kind) => refuse(`creating ${kind}`, 409, `The resource already exists, alreadyExists`),
    quota: (kind) =>
      refuse(`creating ${kind.toLowerCase()}`, 403, `Quota '${kind.toUpperCase()}S' exceeded, quotaExceeded`),
  });
}
