import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { aptInstall } from "./apt.mjs";
import { cacheDirectory, onPath } from "./places.mjs";
import { mustRun, run } from "./run.mjs";

const version = "5.2.5";
/** What its server needs beside the library, without the many AWS services that no test asks. */
const packages = [`moto[s3]==${version}`, "flask==3.1.3", "flask-cors==6.0.5"];
const advice = "Check that the Python package index can be reached, then run this again.";

/**
 * Gets moto, which plays S3 in tests (github.com/getmoto/moto), in a Python environment of its own in the cache.
 *
 * @param {import("./report.mjs").Note} note
 * @returns {Promise<{ did: string, program: string }>} the Python that has it
 */
export async function moto(note) {
  const directory = join(cacheDirectory, `moto-${version}-1`);
  const program = join(directory, "bin", "python3");
  if (existsSync(directory)) return { did: "found in cache", program };
  mkdirSync(cacheDirectory, { recursive: true });
  const work = mkdtempSync(`${directory}.new-`);
  try {
    note("making a Python environment");
    if (!onPath("python3")) await aptInstall(["python3", "python3-venv"], note);
    const made = await run("python3", ["-m", "venv", work]);
    if (made.code !== 0) {
      await aptInstall(["python3-venv"], note);
      await mustRun("python3", ["-m", "venv", work], { advice });
    }
    note(`pip install ${packages.join(" ")}`);
    const options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await mustRun(join(work, "bin", "python3"), [...options, ...packages], { advice });
    // Another run may have made it meanwhile.
    if (!existsSync(directory)) renameSync(work, directory);
    return { did: `moto ${version} installed`, program };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
