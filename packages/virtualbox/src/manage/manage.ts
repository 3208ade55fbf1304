import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { VirtualboxError } from "./error.js";
import { hintFor } from "./hints.js";
import { findProgram, missingProgram } from "./program.js";
import { parseVersion, type Version } from "./version.js";

/** VBoxManage said no. */
export class ManageError extends VirtualboxError {
  constructor(
    message: string,
    /** What it said. */
    readonly said: string,
  ) {
    super(message);
  }
}

/** A clone of an image takes minutes on a slow disk. */
const TIMEOUT_MS = 30 * 60_000;

/** How long VirtualBox takes at most to let go of a machine that has just stopped. */
const PATIENCE_MS = 20_000;

const LOCKED = /already locked|while it is locked|is locked for|being (un)?locked/;

/**
 * Runs VBoxManage and returns what it puts out. A machine that somebody has locked, as VirtualBox itself does for a moment
 * after it was switched off, is asked for again.
 *
 * @param doing for the message: `start the machine "web"`
 * @throws ManageError with what VBoxManage said and what to do
 */
export async function manage(doing: string, ...args: readonly string[]): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await once(doing, args);
    } catch (error) {
      if (!(error instanceof ManageError) || !LOCKED.test(error.said) || Date.now() > deadline) throw error;
    }
    await sleep(200);
  }
}

/** The same where a machine, a medium or a network may be gone: `undefined` then. */
export async function manageIfThere(doing: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    return await manage(doing, ...args);
  } catch (error) {
    if (error instanceof ManageError && isGone(error.said)) return undefined;
    throw error;
  }
}

/** Whether VBoxManage says that something is not there. */
function isGone(said: string): boolean {
  return /VBOX_E_OBJECT_NOT_FOUND|VERR_FILE_NOT_FOUND|VERR_PATH_NOT_FOUND|could not be found/.test(said);
}

/** @throws VirtualboxError where VirtualBox is not installed, or too old */
export async function checkVersion(): Promise<Version> {
  return parseVersion(await manage("tell its version", "--version"));
}

async function once(doing: string, args: readonly string[]): Promise<string> {
  const program = await findProgram();
  if (program === undefined) throw new VirtualboxError(missingProgram());
  // In its own language, and not in the user's.
  const env = { ...process.env, LC_ALL: "C", LANG: "C", LANGUAGE: "C" };
  return new Promise((resolve, reject) => {
    const options = { env, timeout: TIMEOUT_MS, maxBuffer: 64 << 20 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error) reject(refusal(doing, args, `${stderr}${stdout}` || error.message));
      else resolve(stdout);
    });
    child.stdin?.end();
  });
}

function refusal(doing: string, args: readonly string[], said: string): ManageError {
  const lines = said
    .split("\n")
    .map((line) => line.trimEnd())
    // Progress goes to standard error, too; and what the C++ of VBoxManage was at helps nobody.
    .filter((line) => line !== "" && !/^\d+%\.\.\.|^Progress state:|error: Context: /.test(line))
    .slice(-8);
  const hint = hintFor(said);
  const message = [
    `VirtualBox could not ${doing}.`,
    `  VBoxManage ${args.map((arg) => (/[\s"]/.test(arg) ? JSON.stringify(arg) : arg)).join(" ")}`,
    ...lines.map((line) => `  ${line}`),
    ...(hint ? [hint] : []),
  ];
  return new ManageError(message.join("\n"), said);
}
