import * as pulumi from "@pulumi/pulumi";
import { FirnError } from "./errors.js";

/**
 * Picks the value for the stack that is being deployed: the logical description stays one, the physical half differs.
 *
 * @param choices by stack name; `default` serves every stack that is not named.
 * @throws when the stack is not named and there is no `default`.
 * @example byStack({ prod: ec2({ region: "eu-central-1" }), default: container() })
 */
export function byStack<T>(choices: Readonly<Record<string, T>>): T {
  const stack = pulumi.getStack();
  if (Object.hasOwn(choices, stack)) return choices[stack] as T;
  if (Object.hasOwn(choices, "default")) return choices.default as T;
  throw new FirnError(
    `byStack() has nothing for the stack "${stack}"; it knows ${Object.keys(choices).join(", ") || "no stack"}. Add "${stack}" or "default".`,
  );
}
