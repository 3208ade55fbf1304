import { SetupError } from "./errors.mjs";
import { onPath } from "./places.mjs";
import { mustRun, run } from "./run.mjs";

const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
const advice =
  "Check that the Debian mirror can be reached, or install the packages by hand, then run this again.";
let listsAreFresh = false;

/**
 * Installs Debian packages.
 *
 * @param {readonly string[]} packages
 * @param {import("./report.mjs").Note} note
 * @throws {SetupError} where this is not Debian or not root
 */
export async function aptInstall(packages, note) {
  const names = packages.join(" ");
  if (!onPath("apt-get"))
    throw new SetupError(`Install these programs and run this again: ${names} (names of Debian packages).`);
  if (process.getuid?.() !== 0)
    throw new SetupError(`Run "apt-get install ${names}" as root, then run this again.`);
  await aptUpdate(note);
  note(`apt-get install ${names}`);
  const options = ["--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
  await mustRun("apt-get", ["install", ...options, ...packages], { env, advice });
}

/**
 * Downloads a Debian package into a folder without installing it.
 *
 * @param {string} name
 * @param {string} directory
 * @param {import("./report.mjs").Note} note
 */
export async function aptDownload(name, directory, note) {
  note(`apt-get download ${name}`);
  const first = await run("apt-get", ["download", name], { cwd: directory, env });
  if (first.code === 0) return;
  await aptUpdate(note);
  await mustRun("apt-get", ["download", name], { cwd: directory, env, advice });
}

/** @param {import("./report.mjs").Note} note */
async function aptUpdate(note) {
  if (listsAreFresh || process.getuid?.() !== 0) return;
  note("apt-get update");
  await mustRun("apt-get", ["update"], { env, advice });
  listsAreFresh = true;
}

/**
 * The mirror that apt on this computer uses for Debian itself.
 *
 * @returns {Promise<string | undefined>} nothing where apt uses none
 */
export async function debianMirror() {
  const { stdout } = await run("apt-get", ["indextargets", "--format", "$(LABEL)|$(REPO_URI)"]);
  const line = stdout.split("\n").find((each) => each.startsWith("Debian|"));
  return line?.slice("Debian|".length);
}
