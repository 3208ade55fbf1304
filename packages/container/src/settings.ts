import { readFile, stat, writeFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { ContainerError } from "./errors.js";
import { placesOf } from "./record.js";
import type { Site } from "./site.js";

/** A directory or file of this computer that a machine sees. */
export interface MountSettings {
  /** Absolute path on this computer. */
  readonly source: string;
  /** Default true. */
  readonly readOnly?: boolean;
}

/** What may change about a machine while it exists. */
export interface Settings {
  /** In MiB. */
  readonly memory?: number;
  /** How many of this computer's processors it may keep busy; `0.5` is half of one. */
  readonly cpus?: number;
  /** By absolute path in the machine. */
  readonly mounts?: Readonly<Record<string, MountSettings>>;
  /** TCP ports of the machine by port of this computer, `8080` or `0.0.0.0:8080`. */
  readonly ports?: Readonly<Record<string, number>>;
}

/** The settings among a resource's inputs. */
export function settingsOf({ memory, cpus, mounts, ports }: Settings): Settings {
  return {
    ...(memory === undefined ? {} : { memory }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(mounts === undefined ? {} : { mounts }),
    ...(ports === undefined ? {} : { ports }),
  };
}

/**
 * Checks settings before anything is made.
 *
 * @throws ContainerError that names the setting, and says what it may be
 */
export async function checkSettings({ memory, cpus, mounts = {}, ports = {} }: Settings): Promise<void> {
  if (memory !== undefined && !(Number.isFinite(memory) && memory >= 64))
    throw new ContainerError(`container({ memory: ${memory} }): it is a number of MiB, at least 64.`);
  if (cpus !== undefined && !(Number.isFinite(cpus) && cpus >= 0.05))
    throw new ContainerError(`container({ cpus: ${cpus} }): it is a number of processors, at least 0.05.`);
  for (const [path, { source }] of Object.entries(mounts)) {
    const place = `container({ mounts: { ${JSON.stringify(path)}: … } })`;
    for (const each of [path, source])
      if (!isAbsolute(each) || /[\t\n]|(^|\/)\.\.(\/|$)/.test(each) || each === "/")
        throw new ContainerError(`${place}: ${JSON.stringify(each)} is no absolute path below /.`);
    await stat(source).catch(() => {
      throw new ContainerError(`${place}: this computer has no ${source}. Make it first.`);
    });
  }
  for (const [from, to] of Object.entries(ports)) {
    const { port } = parseListener(from);
    if (!isPort(port) || !isPort(to))
      throw new ContainerError(
        `container({ ports: { ${JSON.stringify(from)}: ${to} } }): both are TCP ports, the first one also with an address, "0.0.0.0:8080".`,
      );
  }
}

/** `8080` or `192.0.2.1:8080` or `[::1]:8080`; without an address, this computer's own programs are meant. */
export function parseListener(text: string): { host: string; port: number } {
  const match = /^(?:\[?([^\]]*)\]?:)?(\d+)$/.exec(text);
  return { host: match?.[1] ?? "127.0.0.1", port: Number(match?.[2] ?? Number.NaN) };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

/** Keeps what a machine is started with. */
export async function writeSettings(site: Site, id: string, settings: Settings): Promise<void> {
  const places = placesOf(site, id);
  const mounts = Object.entries(settings.mounts ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  const lines = mounts.map(([path, { source, readOnly = true }]) =>
    [readOnly ? "ro" : "rw", source, path].join("\t"),
  );
  await writeFile(places.mounts, lines.map((line) => `${line}\n`).join(""));
  await writeFile(places.settings, `${JSON.stringify(settings, null, 2)}\n`);
}

/** Machines of older versions have none. */
export async function readSettings(site: Site, id: string): Promise<Settings> {
  const text = await readFile(placesOf(site, id).settings, "utf8").catch(() => "{}");
  return JSON.parse(text);
}
