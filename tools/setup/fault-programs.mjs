import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { aptDownload } from "./apt.mjs";
import { cacheDirectory } from "./places.mjs";
import { mustRun } from "./run.mjs";

/** What faults are made with on machines, and the libraries that it needs beside the C library. */
const packages = [
  ...["nftables", "libnftables1", "libnftnl11", "libmnl0", "libjansson4", "libxtables12", "libgmp10"],
  ...["libedit2", "libbsd0", "libmd0", "libtinfo6", "libfaketime"],
];

/**
 * Gets programs that are put on machines for a fault: a firewall that can shut one in, and clocks that are wrong.
 * Nothing of them is installed on this computer.
 *
 * @param {import("./report.mjs").Note} note
 * @returns {Promise<{ did: string, directory: string }>} a root directory that has them
 */
export async function faultPrograms(note) {
  const directory = join(cacheDirectory, "fault-programs-1");
  if (existsSync(directory)) return { did: "found in cache", directory };
  mkdirSync(cacheDirectory, { recursive: true });
  const work = mkdtempSync(`${directory}.new-`);
  try {
    const downloads = join(work, "downloads");
    const root = join(work, "root");
    mkdirSync(downloads);
    for (const name of packages) await aptDownload(name, downloads, note);
    for (const file of readdirSync(downloads))
      await mustRun("dpkg-deb", ["--extract", join(downloads, file), root], {
        advice: `Delete ${downloads} and run this again.`,
      });
    renameSync(root, directory);
    return { did: "downloaded", directory };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
