import { createRequire } from "node:module";

/** The types of the SDK, which are all that importing this package takes of it. */
export type Digitalocean = typeof import("@pulumi/digitalocean");

/** Loads the SDK: only a program that makes a machine on DigitalOcean does. */
export function sdk(): Digitalocean {
  return createRequire(import.meta.url)("@pulumi/digitalocean");
}
