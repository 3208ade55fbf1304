import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { aptInstall } from "../apt.mjs";
import { cacheDirectory, checkout, onPath, workDirectory } from "../places.mjs";
import { mustRun, run } from "../run.mjs";
import { makeDisk } from "./disk.mjs";
import { unpackKernel } from "./kernel.mjs";
import { kernels, vmPackages } from "./packages.mjs";
import { debianRoot, debianUserland } from "./userland.mjs";

/** Programs that make and run virtual machines, and their Debian packages. */
const needed = {
  "mkfs.ext4": "e2fsprogs",
  "qemu-img": "qemu-utils",
  "qemu-system-x86_64": "qemu-system-x86",
  sfdisk: "fdisk",
  xz: "xz-utils",
};
const USERLAND = "debian-userland";
const advice = "Check that the disk has room, then run this again.";
const listFile = join(checkout, "tests", "mini-nixos", "vm", "parts.json");

/**
 * Makes a disk with Debian for virtual machines, and gives the miniature NixOS what systems that boot by themselves are
 * made of: they lie in the Nix store as downloads would, and their hashes in a file.
 *
 * @param {import("../report.mjs").Note} note
 * @returns {Promise<{ did: string }>}
 */
export async function virtualMachines(note) {
  const missing = Object.entries(needed).filter(([program]) => !onPath(program));
  if (missing.length > 0) await aptInstall([...new Set(missing.map(([, name]) => name))], note);
  const image = await baseImage(note);
  const directory = join(cacheDirectory, `vm-${recipe(image)}`);
  const had = existsSync(directory);
  if (!had) await make(image, directory, note);
  await register(directory, note);
  return { did: had ? "found in cache" : "made" };
}

/** @param {import("../report.mjs").Note} note */
async function baseImage(note) {
  const what = "looking for the root file system of virtual machines, or making it";
  const script = `import { ensureImage } from "@firn/container/image"; process.stdout.write(await ensureImage(undefined, ${JSON.stringify(vmPackages)}));`;
  note(what);
  return mustRun(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: checkout,
    line: (line) => note(what, line),
    advice: "Check that the Debian mirror can be reached and that the disk has room, then run this again.",
  });
}

/** Another image, or other code here, is another result. @param {string} image */
function recipe(image) {
  const hash = createHash("sha256").update(basename(image));
  for (const file of readdirSync(import.meta.dirname).sort())
    hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest("hex").slice(0, 12);
}

/** @param {string} image @param {string} directory @param {import("../report.mjs").Note} note */
async function make(image, directory, note) {
  const work = mkdtempSync(`${directory}-unfinished-`);
  try {
    const parts = join(work, "parts");
    const rest = join(work, "rest");
    mkdirSync(parts);
    mkdirSync(rest);
    for (const [name, kernel] of Object.entries(kernels))
      await unpackKernel(kernel, join(parts, name), rest, note);
    note("making the disk of virtual machines");
    await debianUserland(image, join(parts, USERLAND));
    const root = join(rest, "root");
    await debianRoot(image, root);
    await makeDisk({
      root,
      kernel: join(parts, "linux-cloud"),
      busybox: join(image, "usr/bin/busybox"),
      target: join(parts, "debian.qcow2"),
      work: rest,
    });
    /** @type {Record<string, { sha256: string, release?: string }>} */
    const list = {};
    for (const name of [USERLAND, ...Object.keys(kernels)]) {
      const sha256 = (await mustRun("nix-hash", ["--type", "sha256", join(parts, name)], { advice })).trim();
      const release = join(parts, name, "release");
      list[name] = { sha256, ...(existsSync(release) ? { release: readFileSync(release, "utf8") } : {}) };
    }
    writeFileSync(join(parts, "vm.json"), `${JSON.stringify(list, null, 2)}\n`);
    renameSync(parts, directory);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Puts into the store what is not there, kept from the garbage collector. @param {string} directory @param {import("../report.mjs").Note} note */
async function register(directory, note) {
  const text = readFileSync(join(directory, "vm.json"), "utf8");
  for (const [name, { sha256 }] of Object.entries(JSON.parse(text))) {
    const print = ["--print-fixed-path", "--recursive", "sha256", sha256, name];
    const path = (await mustRun("nix-store", print, { advice })).trim();
    if ((await run("nix-store", ["--check-validity", path])).code !== 0) {
      note(`adding ${name} to the Nix store`);
      await mustRun("nix-store", ["--add-fixed", "--recursive", "sha256", join(directory, name)], { advice });
    }
    await mustRun(
      "nix-store",
      ["--realise", path, "--add-root", join(directory, `root-${name}`), "--indirect"],
      { advice },
    );
  }
  mkdirSync(join(listFile, ".."), { recursive: true });
  writeFileSync(listFile, text);
  mkdirSync(workDirectory, { recursive: true });
  writeFileSync(join(workDirectory, "vm-disk"), join(directory, "debian.qcow2"));
}
