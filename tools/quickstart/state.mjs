import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout, workDirectory } from "../setup/places.mjs";

/** The quickstart's Pulumi project. */
export const project = join(checkout, "quickstart");

/** Its file backend, and the passphrase of its secrets. */
export const state = join(workDirectory, "quickstart-state");

const passphraseFile = join(state, "passphrase");
const stackConfig = join(project, "Pulumi.dev.yaml");

/** Makes the backend's folder and a passphrase, where they are missing. */
export function ensureState() {
  if (existsSync(passphraseFile)) return;
  mkdirSync(state, { recursive: true, mode: 0o700 });
  writeFileSync(passphraseFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  forgetOldPassphrase();
}

/** Removes everything that `ensureState` and the runs made. */
export function removeState() {
  rmSync(state, { recursive: true, force: true });
  forgetOldPassphrase();
}

/** The stack's settings keep a check value of a passphrase that is gone with its state. */
function forgetOldPassphrase() {
  if (!existsSync(stackConfig)) return;
  const settings = readFileSync(stackConfig, "utf8").replace(/^encryptionsalt:.*\n?/m, "");
  if (settings.trim() === "") rmSync(stackConfig);
  else writeFileSync(stackConfig, settings);
}

/**
 * The environment with the quickstart's own passphrase.
 *
 * @param {Record<string, string>} env
 * @returns {Record<string, string>}
 */
export function withPassphrase(env) {
  const { PULUMI_CONFIG_PASSPHRASE: _, ...rest } = env;
  return { ...rest, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile };
}

/** Whether a run that was killed left its lock on the stack. */
export function isLockedByTheDead() {
  const locks = join(state, ".pulumi", "locks");
  if (!existsSync(locks)) return false;
  const files = readdirSync(locks, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".json"),
  );
  return (
    files.length > 0 &&
    files.every((name) => !isAlive(JSON.parse(readFileSync(join(locks, name), "utf8")).pid))
  );
}

/** @param {number} pid */
function isAlive(pid) {
  return existsSync(`/proc/${pid}`);
}
