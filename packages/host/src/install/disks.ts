import { lastLines } from "../errors.js";
import type { Host } from "../host.js";
import { readScript } from "../scripts.js";
import { type DiskPlan, planLines, rootOf } from "./disk-plan.js";
import { InstallError } from "./install-error.js";

/** Where the disks are mounted while NixOS is installed on them. */
const TARGET = "/mnt";

/** How `disks.sh` and `install-on-disk.sh` end when something of the machine is in the way. */
const REFUSED = 3;

const ROOT_UUID =
  'source=$(findmnt --noheadings --nofsroot --output SOURCE /) && blkid -p -s UUID -o value "$source"';

/** Whether a machine runs from the disks of a plan: its root file system is the one that was made by it. */
export async function bootsFromDisks(host: Host, plan: DiskPlan): Promise<boolean> {
  const { stdout } = await host.run(["sh", "-c", ROOT_UUID], { check: false, privileged: true });
  return stdout.trim() !== "" && stdout.trim().toLowerCase() === rootOf(plan)?.toLowerCase();
}

export interface PrepareDisksOptions {
  /** Serial numbers of disks that may be emptied although they carry data. */
  readonly erase: readonly string[];
  /** Looks only. */
  readonly check?: boolean;
}

/**
 * Partitions, formats and mounts the disks of a machine. What an earlier run has finished is left as it is, so that a run
 * after a cut at any point goes on. A disk that carries data, in use or of another layout is refused before anything is written.
 *
 * @returns what was done, one sentence each
 * @throws {@link InstallError} with what is in the way, or with the last lines of what failed
 */
export async function prepareDisks(
  host: Host,
  plan: DiskPlan,
  { erase, check = false }: PrepareDisksOptions,
): Promise<string[]> {
  const step = check ? "check" : "apply";
  const { stdout } = await run(host, ["sh", "-c", readScript("disks.sh"), "sh", step, TARGET, ...erase], {
    input: planLines(plan),
    what: "its disks could not be prepared",
  });
  return stdout
    .split("\n")
    .flatMap((line) => (line.startsWith("firn:did=") ? [line.slice("firn:did=".length)] : []));
}

/**
 * Has what is sent to the machine's Nix store lie on its disks.
 *
 * @param check looks only whether that can be, before the disks are touched
 * @throws {@link InstallError} on a rescue system that has a Nix store itself
 */
export async function leadStoreToDisks(host: Host, check = false): Promise<void> {
  const step = check ? "look" : "store";
  await run(host, ["sh", "-c", readScript("install-on-disk.sh"), "sh", step, TARGET], {
    what: "its Nix store cannot lie on its disks",
  });
}

/** Makes a system that was sent what the disks start: profile, host keys, activation in chroot, boot loader. */
export async function bootFromDisks(host: Host, toplevel: string): Promise<void> {
  await run(host, ["sh", "-c", readScript("install-on-disk.sh"), "sh", "install", TARGET, toplevel], {
    what: "NixOS could not be installed on its disks",
  });
}

async function run(
  host: Host,
  argv: readonly string[],
  { input, what }: { readonly input?: string; readonly what: string },
): Promise<{ stdout: string }> {
  const result = await host.run(argv, {
    ...(input === undefined ? {} : { input }),
    privileged: true,
    check: false,
  });
  if (result.exitCode === 0) return result;
  if (result.exitCode === REFUSED)
    throw new InstallError(`${host.name}: ${result.stderr.trim()}.`, host.name);
  throw new InstallError(
    `${host.name}: ${what} (exit code ${result.exitCode}):${lastLines(result.stderr, 8)}`,
    host.name,
  );
}
