import { createRequire } from "node:module";

/** The types of the SDK, which are all that importing this package takes of it. */
export type Datadog = typeof import("@pulumi/datadog");

/** Loads the SDK: only a program that makes monitors does. */
export function sdk(): Datadog {
  return createRequire(import.meta.url)("@pulumi/datadog");
}
