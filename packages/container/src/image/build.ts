import { chmod, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ContainerError } from "../errors.js";
import { run } from "../run.js";
import type { Note } from "./ensure.js";
import {
  DIRECTORIES,
  EXCLUDED_PATHS,
  FILES,
  PACKAGES,
  REMOVED_PATHS,
  SUITE,
  WANTED_UNITS,
} from "./recipe.js";

/**
 * Makes the default image in an empty directory.
 *
 * @throws ContainerError with what is missing and what to do, or with mmdebstrap's last lines
 */
export async function buildImage(
  root: string,
  note: Note,
  furtherPackages: readonly string[] = [],
): Promise<void> {
  const packages = [...PACKAGES, ...furtherPackages];
  await requireMmdebstrap(note);
  const mirror = await debianMirror();
  note(`making the machines' image: Debian ${SUITE} with ${packages.join(", ")}`);
  await run(
    "mmdebstrap",
    [
      "--mode=root",
      "--variant=minbase",
      `--include=${packages.join(",")}`,
      '--aptopt=Acquire::Check-Valid-Until "false"',
      '--aptopt=Acquire::Languages "none"',
      ...EXCLUDED_PATHS.map((path) => `--dpkgopt=path-exclude=${path}`),
      SUITE,
      root,
      ...(mirror ? [`deb ${mirror} ${SUITE} main`] : []),
    ],
    { onLine: note },
  );
  await customise(root);
}

async function customise(root: string): Promise<void> {
  const units = join(root, "usr/lib/systemd/system");
  const wants = (await readdir(units)).filter((name) => name.endsWith(".wants"));
  for (const path of [...REMOVED_PATHS, ...wants.map((name) => join("usr/lib/systemd/system", name))])
    await rm(join(root, path), { recursive: true, force: true });
  for (const path of DIRECTORIES) await mkdir(join(root, path), { recursive: true });
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    await chmod(join(root, path), 0o644);
  }
  for (const path of WANTED_UNITS) {
    await mkdir(dirname(join(units, path)), { recursive: true });
    await symlink(join("..", basename(path)), join(units, path));
  }
  await rm(join(units, "default.target"), { force: true });
  await symlink("multi-user.target", join(units, "default.target"));
}

async function requireMmdebstrap(note: Note): Promise<void> {
  if (await works("mmdebstrap", ["--version"])) return;
  if (process.getuid?.() !== 0 || !(await works("apt-get", ["--version"])))
    throw new ContainerError(
      "The machines' image is made with mmdebstrap: install it, or give container() the directory of a root file system as image.",
    );
  note("installing mmdebstrap with apt-get");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", ["install", "--yes", "--no-install-recommends", "mmdebstrap"], { env });
}

/** The mirror that apt on this computer uses for Debian itself; mmdebstrap knows one where apt uses none. */
async function debianMirror(): Promise<string | undefined> {
  const targets = await run("apt-get", ["indextargets", "--format", "$(LABEL)|$(REPO_URI)"]).catch(() => "");
  const mirrors = targets
    .split("\n")
    .flatMap((line) => (line.startsWith("Debian|") ? [line.slice("Debian|".length)] : []));
  return mirrors[0];
}

function works(program: string, args: readonly string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  );
}
