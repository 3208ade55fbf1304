import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { aptDownload } from "./apt.mjs";
import { SetupError } from "./errors.mjs";
import { cacheDirectory, checkout, onPath } from "./places.mjs";
import { mustRun } from "./run.mjs";

const target = join(checkout, "tests", "mini-nixos", "bootstrap", "bin", "busybox");
const cached = join(cacheDirectory, "busybox-static", "busybox");

/** Puts a static busybox where the miniature NixOS expects its builder. @type {import("./step.mjs").Step} */
export const busybox = {
  name: "busybox",
  run: async (note) => {
    if (existsSync(target)) return { did: "up to date" };
    const had = existsSync(cached);
    if (!had) await download(note);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(cached, target);
    chmodSync(target, 0o755);
    return { did: had ? "copied from cache" : "downloaded from the Debian mirror" };
  },
};

/**
 * Takes the program out of Debian's package without installing it, because that would replace another busybox.
 *
 * @param {import("./report.mjs").Note} note
 */
async function download(note) {
  if (!onPath("apt-get") || !onPath("dpkg-deb")) {
    throw new SetupError(`Copy a statically linked busybox to ${target}, then run this again.`);
  }
  mkdirSync(dirname(cached), { recursive: true });
  const work = mkdtempSync(join(dirname(cached), "download-"));
  try {
    await aptDownload("busybox-static", work, note);
    const [archive = ""] = readdirSync(work).filter((name) => name.endsWith(".deb"));
    const advice = "Delete the downloaded package and run this again.";
    await mustRun("dpkg-deb", ["--extract", join(work, archive), join(work, "root")], { advice });
    const inside = ["usr/bin/busybox", "bin/busybox"]
      .map((path) => join(work, "root", path))
      .find(existsSync);
    if (inside === undefined) throw new SetupError(`${archive} holds no busybox.`);
    renameSync(inside, cached);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
