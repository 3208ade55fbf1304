import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where the miniature's Nix finds that of the image when it is not on PATH. */
const MINIATURE = "usr/lib/miniature/bin";

/**
 * Makes the image of a machine the plain Debian of a cloud: there is no Nix on it, and no store.
 *
 * @param image directory of the image, which is never written
 * @param root the machine's own disk, which lies over it
 */
export async function hideNix(image: string, root: string): Promise<void> {
  const programs = (await readdir(join(image, "usr/bin"))).filter((name) => name.startsWith("nix"));
  await mkdir(join(root, MINIATURE), { recursive: true });
  await copyFile(join(image, "usr/bin/nix"), join(root, MINIATURE, "nix"));
  for (const name of programs.filter((each) => each !== "nix"))
    await symlink("nix", join(root, MINIATURE, name));
  for (const path of [...programs.map((name) => `usr/bin/${name}`), "etc/NIXOS", "etc/nix", "nix"])
    await hide(join(root, path));
}

/** overlayfs takes a character device 0/0 for "nothing here". */
async function hide(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await run("mknod", [path, "c", "0", "0"]);
}
