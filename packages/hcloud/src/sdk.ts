import { createRequire } from "node:module";

/** The types of the SDK, which are all that importing this package takes of it. */
export type Hcloud = typeof import("@pulumi/hcloud");

/** Loads the SDK: only a program that makes a machine on Hetzner Cloud does. */
export function sdk(): Hcloud {
  return createRequire(import.meta.url)("@pulumi/hcloud");
}
