import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nameOfProcess } from "./making.js";
import type { Site } from "./site.js";

/** What is settled about a container for as long as it exists; lies in `container.json` of its directory. */
export interface ContainerRecord {
  readonly id: string;
  readonly hostname: string;
  /** Directory of the root file system that it shares with others; none where it boots from its own system's closure. */
  readonly image?: string;
  /** IPv4 address. */
  readonly address: string;
  /** Name of its private network; the shared one without it. */
  readonly network?: string;
  /** Whether it sees this computer's Nix store under its own. */
  readonly sharesStore?: boolean;
}

/** Where a container's things are: files, and names on this computer. */
export interface ContainerPlaces {
  readonly directory: string;
  readonly recordFile: string;
  /** Names the process that makes the machine, until it is made: one that was killed leaves it behind. */
  readonly making: string;
  /** What the machine has written over its image. */
  readonly upper: string;
  readonly work: string;
  /** What the machine has written over this computer's Nix store; not there where it does not share that. */
  readonly store: string;
  /** The script that it is started with, kept here because a machine may outlive the package that started it. */
  readonly script: string;
  /** Mount point of its root, mounted in its own mount namespace only. */
  readonly root: string;
  /** Link to the system that it boots until a deployment has confirmed one; only where it has no image. */
  readonly system: string;
  /** What its PID 1 said before the journal ran. */
  readonly console: string;
  /** What may change about the machine. */
  readonly settings: string;
  /** What of this computer it sees, a line each: `ro` or `rw`, path here, path there. */
  readonly mounts: string;
  /** Directories of older cgroup hierarchies that its processes enter, a line each. */
  readonly limits: string;
  /** Id of the process that forwards ports to it. */
  readonly forwarder: string;
  readonly forwarderLog: string;
  /** Exists from the moment on when its network interface is up. */
  readonly bootId: string;
  /** Exists once its supervisor has ended. */
  readonly ended: string;
  /** Name of its network namespace. */
  readonly netns: string;
  /** This computer's end of its network cable. */
  readonly veth: string;
  /** Path of its cgroup under the cgroup2 mount. */
  readonly cgroup: string;
}

/** Names everything that belongs to a container, whether it exists or not. */
export function placesOf(site: Site, id: string): ContainerPlaces {
  const directory = join(site.directory, id);
  const suffix = id.slice(-6);
  return {
    directory,
    recordFile: join(directory, "container.json"),
    making: join(directory, "making"),
    upper: join(directory, "disk", "upper"),
    work: join(directory, "disk", "work"),
    store: join(directory, "disk", "store"),
    script: join(directory, "machine.sh"),
    root: join(directory, "root"),
    system: join(directory, "system"),
    console: join(directory, "console"),
    settings: join(directory, "settings.json"),
    mounts: join(directory, "mounts"),
    limits: join(directory, "limits"),
    forwarder: join(directory, "forwarder"),
    forwarderLog: join(directory, "forwarder.log"),
    bootId: join(directory, "boot_id"),
    ended: join(directory, "ended"),
    netns: `firn-${site.tag}-${suffix}`,
    veth: `fv${site.tag}${suffix}`,
    cgroup: join(site.cgroup, suffix),
  };
}

/** A new id that says whose machine it is: `shop-dev-shop-web-1a2b3c`. */
export function newId(owners: readonly string[]): string {
  return `${prefixOf(owners)}${randomBytes(3).toString("hex")}`;
}

/** Whether an id was made by {@link newId} for these owners. */
export function isOwnedBy(id: string, owners: readonly string[]): boolean {
  const prefix = prefixOf(owners);
  return id.startsWith(prefix) && /^[0-9a-f]{6}$/.test(id.slice(prefix.length));
}

function prefixOf(owners: readonly string[]): string {
  const words = owners.map((owner) =>
    owner
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 40),
  );
  return `${words.join("-")}-`;
}

/** Makes a container's directories and its record; it counts as being made. */
export async function writeRecord(site: Site, record: ContainerRecord): Promise<void> {
  const places = placesOf(site, record.id);
  const store = record.sharesStore ? [join(places.store, "upper"), join(places.store, "work")] : [];
  for (const directory of [places.upper, places.work, places.root, ...store])
    await mkdir(directory, { recursive: true });
  await writeFile(places.making, await nameOfProcess(process.pid));
  await writeFile(places.recordFile, `${JSON.stringify(record, null, 2)}\n`, { flag: "wx" });
}

/** Reads a container's record; `undefined` when there is no such container. */
export async function readRecord(site: Site, id: string): Promise<ContainerRecord | undefined> {
  try {
    return JSON.parse(await readFile(placesOf(site, id).recordFile, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Ids of all containers of a site that left anything on disk, half-made ones included. */
export async function listIds(site: Site): Promise<string[]> {
  const entries = await readdir(site.directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
