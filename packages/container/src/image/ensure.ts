import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "../lock.js";
import { buildImage } from "./build.js";
import { RECIPE_HASH, SUITE } from "./recipe.js";

/** Called with what is being done, one line at a time. */
export type Note = (line: string) => void;

/**
 * The default image: the one in the cache, or a new one made with `mmdebstrap` from the mirror that apt uses (half a
 * minute, 200 MB). Several callers at once make one.
 *
 * @param furtherPackages Debian packages that it has besides; with them it is another image
 * @returns its directory, under `$FIRN_CACHE`, `$XDG_CACHE_HOME/firn` or `~/.cache/firn`
 * @throws ContainerError with what is missing and what to do, or with mmdebstrap's last lines
 */
export async function ensureImage(
  note: Note = () => {},
  furtherPackages: readonly string[] = [],
): Promise<string> {
  const images = join(cacheDirectory(), "images");
  const image = join(
    images,
    `debian-${SUITE}-${RECIPE_HASH}${furtherPackages.map((name) => `+${name}`).join("")}`,
  );
  if (await exists(image)) return image;
  return withLock(join(images, "lock"), async () => {
    if (await exists(image)) return image;
    await removeUnfinished(images);
    const work = join(images, `unfinished-${process.pid}`);
    await mkdir(work);
    await buildImage(work, note, furtherPackages);
    await rename(work, image);
    return image;
  });
}

function cacheDirectory(): string {
  return process.env.FIRN_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "firn");
}

async function removeUnfinished(images: string): Promise<void> {
  const names = (await readdir(images)).filter((name) => name.startsWith("unfinished-"));
  for (const name of names) await rm(join(images, name), { recursive: true, force: true });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
