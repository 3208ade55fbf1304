import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { debianMirror } from "./apt.mjs";
import { SetupError } from "./errors.mjs";
import { cacheDirectory } from "./places.mjs";
import { mustRun } from "./run.mjs";

const advice = "Check that the Debian mirror can be reached and that the disk has room, then run this again.";
/** The names under which the one program is called. */
const COMMANDS = ["build", "collect-garbage", "copy-closure", "env", "hash", "instantiate", "shell", "store"];

/**
 * Nix of another Debian suite beside this computer's own, in the cache: the program and its libraries are unpacked,
 * nothing is installed. It shares the store with the installed one, as two versions of Nix may.
 *
 * @param {string} suite such as "sid"
 * @param {import("./report.mjs").Note} note
 * @returns {Promise<{ path: string, version: string }>} the folder for PATH, and `nix --version`
 * @throws {SetupError}
 */
export async function debianNix(suite, note) {
  const directory = join(cacheDirectory, `nix-${suite}`);
  if (!existsSync(directory)) await unpack(suite, directory, note);
  const path = join(directory, "bin");
  const again = `Delete ${directory} and run this again.`;
  const version = (await mustRun(join(path, "nix"), ["--version"], { advice: again })).trim();
  return { path, version };
}

/** @param {string} suite @param {string} directory @param {import("./report.mjs").Note} note */
async function unpack(suite, directory, note) {
  mkdirSync(dirname(directory), { recursive: true });
  const work = mkdtempSync(`${directory}-unfinished-`);
  try {
    const root = join(work, "root");
    note(`unpacking Nix of Debian ${suite}`);
    const options = [
      "--mode=root",
      // Unpacked alone: no program of another release runs at its own place.
      "--variant=extract",
      "--include=nix-bin,patchelf",
      '--aptopt=Acquire::Check-Valid-Until "false"',
      '--aptopt=Acquire::Languages "none"',
      "--dpkgopt=path-exclude=/usr/share/*",
    ];
    const mirror = await debianMirror();
    const source = mirror === undefined ? [] : [`deb ${mirror} ${suite} main`];
    await mustRun("mmdebstrap", [...options, suite, root, ...source], {
      advice,
      line: (line) => note(`unpacking Nix of Debian ${suite}`, line),
    });
    await makeRunnable(work, directory);
    renameSync(work, directory);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Makes the program take the libraries that came with it. Its loader's path is absolute, hence that of its last place.
 *
 * @param {string} work @param {string} directory
 */
async function makeRunnable(work, directory) {
  const inside = join("root", "usr", "lib");
  const libraries = readdirSync(join(work, inside)).find((name) => name.endsWith("-linux-gnu")) ?? "";
  const loader = readdirSync(join(work, inside, libraries)).find((name) => name.startsWith("ld-linux"));
  if (loader === undefined) throw new SetupError(`${join(work, inside)} holds no loader.`);
  const bin = join(work, "bin");
  mkdirSync(bin);
  copyFileSync(join(work, "root", "usr", "bin", "nix"), join(bin, "nix"));
  for (const name of COMMANDS) symlinkSync("nix", join(bin, `nix-${name}`));
  const here = join(work, inside, libraries);
  const there = join(directory, inside, libraries);
  const change = ["--set-interpreter", join(there, loader), "--force-rpath", "--set-rpath", there];
  const patchelf = join(work, "root", "usr", "bin", "patchelf");
  await mustRun(join(here, loader), ["--library-path", here, patchelf, ...change, join(bin, "nix")], {
    advice,
  });
}
