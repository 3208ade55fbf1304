import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../setup/places.mjs";

/** The short end-to-end tests, which run with other versions of Node and of Nix too. */
export function smokeTests() {
  const folder = join("tests", "e2e");
  if (!existsSync(join(checkout, folder))) return [];
  const names = readdirSync(join(checkout, folder)).filter((name) => /^smoke.*\.test\.ts$/.test(name));
  return names.map((name) => join(folder, name));
}
