import { execFile } from "node:child_process";
import { mkdir, readlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ensureImage } from "../../packages/container/src/image/ensure.js";

const run = promisify(execFile);
const ROOTS = fileURLToPath(new URL("../../.firn/userland", import.meta.url));

/**
 * Puts the programs of the default image into this computer's Nix store, once a checkout: the miniature has no systemd,
 * sshd and Nix of its own, and a machine without an image has none either.
 *
 * @returns arguments of `pkgs.requireFile`, for the miniature's option `system.userland`
 */
export async function userland(): Promise<{
  readonly name: string;
  readonly sha256: string;
  readonly hashMode: "recursive";
}> {
  const image = await ensureImage();
  const root = join(ROOTS, basename(image));
  const path = await readlink(root).catch(() => add(join(image, "usr"), root));
  const { stdout } = await run("nix-store", ["--query", "--hash", path]);
  return {
    name: path.slice(path.indexOf("-") + 1),
    sha256: stdout.trim().replace("sha256:", ""),
    hashMode: "recursive",
  };
}

async function add(directory: string, root: string): Promise<string> {
  await mkdir(dirname(root), { recursive: true });
  const { stdout } = await run("nix-store", ["--add-fixed", "--recursive", "sha256", directory]);
  await run("nix-store", ["--realise", "--add-root", root, "--indirect", stdout.trim()]);
  return stdout.trim();
}
