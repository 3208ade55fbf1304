import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Schema } from "./schema.js";
import { readDeclarations } from "./sdk-declarations.js";

/** A cache beside the SDK: it is gone when the SDK is installed anew. */
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/firn", import.meta.url));

/**
 * What an installed SDK declares of resources: known inputs, required ones and their types, enumerations, and outputs that
 * are always there. For clouds whose Pulumi schema is too large to be kept here.
 *
 * Reading the declarations of a large SDK takes seconds, and a stand-in is started in every run: what was read is kept.
 *
 * @param sdk name of the SDK's package, for example `@pulumi/gcp`
 * @param tokens Pulumi's types, for example `gcp:compute/instance:Instance`
 */
export function sdkSchema(sdk: string, tokens: readonly string[]): Schema {
  const manifest = createRequire(import.meta.url).resolve(`${sdk}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const reader = readFileSync(new URL("sdk-declarations.ts", import.meta.url));
  const digest = createHash("sha256").update(reader).update(tokens.join()).digest("hex").slice(0, 12);
  const file = join(CACHE, `${sdk.replace(/\W+/g, "-")}-${version}-${digest}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const schema = readDeclarations(dirname(manifest), tokens);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(schema));
  renameSync(`${file}.${process.pid}`, file);
  return schema;
}
