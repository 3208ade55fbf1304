import { readFileSync } from "node:fs";
import { Account } from "../plugin/account.js";
import { ApiError } from "../plugin/api-error.js";
import { Cloud } from "../plugin/cloud.js";
import { kinds } from "./kinds.js";

/** The stand-in for Hetzner Cloud: its errors have the API's codes in brackets, as hcloud-go prints them. */
export function account(directory?: string): Account {
  const schema = JSON.parse(readFileSync(new URL("schema.json", import.meta.url), "utf8"));
  return new Account(new Cloud("hcloud", directory), schema, kinds, {
    taken: (kind, property) =>
      new ApiError(409, `${kind.toLowerCase()} ${property} is already used (uniqueness_error)`),
    quota: (kind) => new ApiError(403, `${kind.toLowerCase()} limit reached (resource_limit_exceeded)`),
  });
}
