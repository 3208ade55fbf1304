import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { checkout, workDirectory } from "../setup/places.mjs";

const file = join(workDirectory, "quickstart.sh");

/**
 * Writes the environment as a file for a shell, so that Pulumi can be used by hand in the quickstart's folder.
 *
 * @param {Record<string, string>} env
 * @returns {string} the file's path, from the checkout
 */
export function writeShellEnvironment(env) {
  const lines = Object.entries(env)
    .filter(([name]) => name === "PATH" || name === "NIX_CONFIG" || name.startsWith("PULUMI_"))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
  writeFileSync(file, `unset PULUMI_CONFIG_PASSPHRASE\n${lines.join("\n")}\n`, { mode: 0o600 });
  return relative(checkout, file);
}
