import * as pulumi from "@pulumi/pulumi";

/**
 * What Datadog calls a machine: its name, the stack's and the project's, because an account's hosts are told apart by their
 * names alone, and every stack may have a `web`.
 */
export function hostName<T extends string>(machine: T): `${T}.${string}.${string}` {
  return `${machine}.${pulumi.getStack()}.${pulumi.getProject()}`;
}
