import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ContainerError } from "./errors.js";

/** Where every state directory that was used since this computer started is noted, by tag. */
const KNOWN_SITES = "/run/firn/sites";

/** One state directory and what its containers share on this computer. */
export interface Site {
  readonly directory: string;
  /** Six hexadecimal digits that tell apart what belongs to this state directory in names of interfaces and the like. */
  readonly tag: string;
  readonly bridge: string;
  /** Name of the directory that holds its containers' cgroups. */
  readonly cgroup: string;
}

/** The site of a state directory; `$FIRN_CONTAINER_STATE` or `/var/lib/firn/containers` unless another one is given. */
export function siteOf(directory?: string): Site {
  const path = resolve(directory ?? (process.env.FIRN_CONTAINER_STATE || "/var/lib/firn/containers"));
  // The path becomes part of overlayfs' options, where a colon or comma would mean something else.
  if (!/^[\w./+@-]+$/.test(path))
    throw new ContainerError(
      `The state directory "${path}" must consist of letters, digits and . _ / + @ - only: set FIRN_CONTAINER_STATE to another one.`,
    );
  const tag = createHash("sha256").update(path).digest("hex").slice(0, 6);
  return { directory: path, tag, bridge: `firn-${tag}`, cgroup: `firn-${tag}` };
}

/** Notes that a site is in use, so that {@link knownSites} finds it after a crash. */
export async function rememberSite(site: Site): Promise<void> {
  await mkdir(KNOWN_SITES, { recursive: true });
  await writeFile(join(KNOWN_SITES, site.tag), site.directory);
}

/** Undoes {@link rememberSite}. */
export async function forgetSite(site: Site): Promise<void> {
  await rm(join(KNOWN_SITES, site.tag), { force: true });
}

/** All sites that were used since this computer started and were not emptied again. */
export async function knownSites(): Promise<Site[]> {
  const tags = await readdir(KNOWN_SITES).catch(() => []);
  return Promise.all(tags.map(async (tag) => siteOf(await readFile(join(KNOWN_SITES, tag), "utf8"))));
}
