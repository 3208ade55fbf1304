import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../run.mjs";

const advice = "Check that the disk has room, then run this again.";
const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/** What no machine of the tests runs. */
const UNUSED = [
  ...[
    "usr/bin/apt*",
    "usr/bin/dpkg*",
    "usr/bin/perl*",
    "usr/bin/sqv*",
    "usr/bin/bash-static",
    "usr/bin/gpg*",
  ],
  ...["usr/lib/apt", "usr/lib/udev/hwdb.d", "usr/lib/systemd/boot", "usr/lib/openssh/ssh-sk-helper"],
  ...["gconv", "perl", "perl5", "perl-base", "libapt-*", "libperl*", "libdb-*"].map(
    (each) => `${LIBRARIES}/${each}`,
  ),
  ...["perl", "perl5", "zoneinfo", "bash-completion", "info", "common-licenses"].map(
    (each) => `usr/share/${each}`,
  ),
  ...[
    "etc/apt",
    "etc/systemd",
    "etc/init.d",
    "etc/rc*.d",
    "etc/cron*",
    "etc/ssh",
    "etc/NIXOS",
    "etc/machine-id",
  ],
];

/** At a first boot systemd would enable everything that Debian enables. @param {string} root */
function enableNothing(root) {
  const presets = join(root, "usr/lib/systemd/system-preset");
  mkdirSync(presets, { recursive: true });
  writeFileSync(join(presets, "00-lab.preset"), "disable *\n");
}

/**
 * Makes the root file system of a Debian that boots, without Nix, from the image of local machines.
 *
 * @param {string} image
 * @param {string} root directory to make
 */
export async function debianRoot(image, root) {
  await mustRun("cp", ["--archive", "--reflink=auto", image, root], { advice });
  await mustRun(
    "sh",
    [
      "-c",
      `cd "$1" && rm -rf usr/bin/nix* nix etc/nix etc/NIXOS usr/share/perl ${LIBRARIES}/perl`,
      "sh",
      root,
    ],
    {
      advice,
    },
  );
  enableNothing(root);
}

/**
 * Makes what systems of the miniature that boot by themselves take from Debian, as one path of the store: the programs
 * (`usr`, systemd, sshd, Nix and GRUB among them) and the files that they want to see in /etc.
 *
 * @param {string} image
 * @param {string} target directory to make
 */
export async function debianUserland(image, target) {
  const script = `mkdir "$2" && cp --archive "$1/usr" "$1/etc" "$2/" && cd "$2" && rm -rf ${UNUSED.join(" ")} && find . ! -type f ! -type d ! -type l -delete`;
  await mustRun("sh", ["-c", script, "sh", image, target], { advice });
  enableNothing(target);
  // The store has no such modes, and its hash would tell.
  await mustRun("chmod", ["-R", "u-s,g-s,a+rX", target], { advice });
  for (const name of ["passwd-", "group-", "shadow-", "gshadow-", "ld.so.cache", ".pwd.lock"])
    rmSync(join(target, "etc", name), { force: true });
}
