import { access } from "node:fs/promises";
import { freemem } from "node:os";
import { isAbsolute } from "node:path";
import { QemuError } from "./errors.js";
import type { Settings } from "./inputs.js";

export const DEFAULTS = { memory: 1024, cpus: 1, disk: 10 };

/** The settings among a resource's inputs. */
export function settingsOf({ memory, cpus, disk, ports, mounts, arguments: further }: Settings): Settings {
  const all = { memory, cpus, disk, ports, mounts, arguments: further };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Those that QEMU only takes when it is started. */
export function startSettingsOf(settings: Settings): Settings {
  const { ports: _, disk: __, ...rest } = settingsOf(settings);
  return rest;
}

/** What is wrong with settings, by input; an unknown value is left alone. */
export function mistakesIn(settings: Settings, olds?: Settings): { property: string; reason: string }[] {
  const { memory, cpus, disk, ports = {}, mounts = {} } = settings;
  const mistakes: { property: string; reason: string }[] = [];
  const refuse = (property: string, value: unknown, reason: string) =>
    mistakes.push({ property, reason: `qemu({ ${property}: ${JSON.stringify(value)} }): ${reason}` });
  const isNumber = (value: unknown): value is number => typeof value === "number";
  if (isNumber(memory) && !(Number.isInteger(memory) && memory >= 128))
    refuse("memory", memory, "it is a whole number of MiB, at least 128.");
  if (isNumber(cpus) && !(Number.isInteger(cpus) && cpus >= 1))
    refuse("cpus", cpus, "it is a number of processors, at least 1.");
  if (isNumber(disk) && !(disk > 0)) refuse("disk", disk, "it is a number of GiB.");
  const had = olds && (olds.disk ?? DEFAULTS.disk);
  const wanted = disk ?? DEFAULTS.disk;
  if (isNumber(wanted) && isNumber(had) && wanted < had)
    refuse(
      "disk",
      wanted,
      `the disk has ${had} GiB, and one that shrinks would lose its end. Replace the machine for that.`,
    );
  for (const [from, to] of Object.entries(typeof ports === "object" ? ports : {}))
    if (!isPort(parseListener(from).port) || (isNumber(to) && !isPort(to)))
      refuse(
        "ports",
        { [from]: to },
        'both are TCP ports, the first one also with an address, "0.0.0.0:8080".',
      );
  for (const [path, mount] of Object.entries(typeof mounts === "object" ? mounts : {}))
    for (const each of [path, mount.source])
      if (!isAbsolute(each) || each === "/" || /[,\n\t]|(^|\/)\.\.(\/|$)/.test(each))
        refuse(
          "mounts",
          { [path]: mount },
          `${JSON.stringify(each)} is no absolute path below /, or has a comma.`,
        );
  return mistakes;
}

/**
 * Checks what only this computer tells, before anything is made.
 *
 * @throws QemuError that names the setting and says what to do
 */
export async function checkComputer({ memory = DEFAULTS.memory, mounts = {} }: Settings): Promise<void> {
  for (const [path, { source }] of Object.entries(mounts))
    await access(source).catch(() => {
      throw new QemuError(
        `qemu({ mounts: { ${JSON.stringify(path)}: … } }): this computer has no ${source}. Make it first.`,
      );
    });
  // What the kernel would give up for it counts as free on Linux only where it says so.
  const free = Math.floor(process.availableMemory?.() ?? freemem()) / 2 ** 20;
  if (memory > free)
    throw new QemuError(
      `qemu({ memory: ${memory} }): this computer has ${Math.floor(free)} MiB left. Lower it, or end other machines.`,
    );
}

/** `8080` or `192.0.2.1:8080`; without an address, this computer's own programs are meant. */
export function parseListener(text: string): { host: string; port: number } {
  const match = /^(?:(\d+\.\d+\.\d+\.\d+):)?(\d+)$/.exec(text);
  return { host: match?.[1] ?? "127.0.0.1", port: Number(match?.[2] ?? Number.NaN) };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}
