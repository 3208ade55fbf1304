import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { debianMirror } from "../apt.mjs";
import { SetupError } from "../errors.mjs";
import { mustRun } from "../run.mjs";

const advice = "Check that the Debian mirror can be reached and that the disk has room, then run this again.";

/** Modules that a guest needs to see its disk, its network and its seed. */
const WANTED =
  /^(virtio|net_failover|failover|rng-core|scsi_mod|scsi_common|sr_mod|cdrom|isofs|9p|netfs|fscache|crc)/;

/**
 * Takes a kernel out of Debian's package: `bzImage`, `modules/*.ko` and its `release`.
 *
 * @param {{ suite: string, package: string }} kernel
 * @param {string} target directory to make
 * @param {string} work directory for what is left over
 * @param {import("../report.mjs").Note} note
 */
export async function unpackKernel({ suite, package: name }, target, work, note) {
  const what = `unpacking ${name} of Debian ${suite}`;
  note(what);
  const root = join(work, basename(target));
  const mirror = await debianMirror();
  const options = [
    "--mode=root",
    "--variant=extract",
    `--include=${name}`,
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=Acquire::Languages "none"',
    "--dpkgopt=path-exclude=/usr/share/*",
  ];
  const source = mirror === undefined ? [] : [`deb ${mirror} ${suite} main`];
  await mustRun("mmdebstrap", [...options, suite, root, ...source], {
    advice,
    line: (line) => note(what, line),
  });
  const image = readdirSync(join(root, "boot")).find((file) => file.startsWith("vmlinuz-"));
  if (image === undefined) throw new SetupError(`${name} of Debian ${suite} holds no kernel.`);
  const release = image.slice("vmlinuz-".length);
  mkdirSync(join(target, "modules"), { recursive: true });
  copyFileSync(join(root, "boot", image), join(target, "bzImage"));
  writeFileSync(join(target, "release"), release);
  const tree =
    [join(root, "usr/lib/modules", release), join(root, "lib/modules", release)].find(existsSync) ?? "";
  for (const file of readdirSync(tree, { recursive: true, encoding: "utf8" })) {
    const [, module, packed] = /([^/]+\.ko)(\.xz)?$/.exec(file) ?? [];
    if (module === undefined || !WANTED.test(module)) continue;
    const copy = join(target, "modules", module);
    copyFileSync(join(tree, file), packed ? `${copy}.xz` : copy);
    if (packed) await mustRun("xz", ["--decompress", `${copy}.xz`], { advice });
  }
}
