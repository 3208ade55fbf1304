import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheDirectory, workDirectory } from "./places.mjs";

export const recordFile = join(workDirectory, "setup.json");

export function environment({ state = join(workDirectory, "state") } = {}) {
  if (!existsSync(recordFile)) {
    throw new Error('Nothing is set up in this checkout yet: run "npm test" or "node tools/setup.mjs".');
  }
  /** @type {{ path: string[], nixConfig: string }} */
  const record = JSON.parse(readFileSync(recordFile, "utf8"));
  const home = join(cacheDirectory, "pulumi-home");
  mkdirSync(home, { recursive: true });
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const { PATH = "", NIX_CONFIG = "", ...rest } = process.env;
  const before = PATH.split(delimiter).filter((folder) => !record.path.includes(folder));
  const ownNixConfig = NIX_CONFIG.endsWith(record.nixConfig)
    ? NIX_CONFIG
    : `${NIX_CONFIG}\n${record.nixConfig}`;
  const hasPassphrase = "PULUMI_CONFIG_PASSPHRASE" in rest || "PULUMI_CONFIG_PASSPHRASE_FILE" in rest;
  return {
    ...rest,
    // A state that only ever lies in this checkout, readable by its owner alone, needs no better secret.
    ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE: "firn" }),
    PATH: [...record.path, ...before].join(delimiter),
    NIX_CONFIG: ownNixConfig.trim(),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  };
}
