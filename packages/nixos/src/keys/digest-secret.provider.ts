import { randomBytes } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";

/** Life cycle of {@link KeyDigestSecret}. */
export const keyDigestSecret = {
  async create(): Promise<pulumi.dynamic.CreateResult> {
    return { id: "key-digest-secret", outs: { secret: randomBytes(32).toString("hex") } };
  },

  async diff(): Promise<pulumi.dynamic.DiffResult> {
    return { changes: false };
  },
};
