import { readFileSync } from "node:fs";
import { Account } from "../plugin/account.js";
import { Cloud } from "../plugin/cloud.js";
import { kinds } from "./kinds.js";
import { refuse } from "./refuse.js";

/** The stand-in for DigitalOcean. */
export function account(directory?: string): Account {
  const schema = JSON.parse(readFileSync(new URL("schema.json", import.meta.url), "utf8"));
  return new Account(new Cloud("digitalocean", directory), schema, kinds, {
    taken: (kind, property) =>
      refuse(`creating ${kind}`, 422, `${property} is already in use on your account`),
    quota: (kind) =>
      refuse(
        `creating ${kind}`,
        422,
        `creating this/these ${kind.toLowerCase()}(s) will exceed your droplet limit`,
      ),
  });
}
