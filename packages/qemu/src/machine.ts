import { mkdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { accelerator } from "./accelerator.js";
import { commandLine, forwardRule } from "./command-line.js";
import { hintFor, QemuError } from "./errors.js";
import { ensureBaseImage } from "./guest/base-image.js";
import { seedImage } from "./guest/seed.js";
import type { QemuInputs, Settings } from "./inputs.js";
import { command, humanCommand } from "./qmp.js";
import { freePort, waitForSsh } from "./ready.js";
import { run } from "./run.js";
import { DEFAULTS } from "./settings.js";
import { freeAddress, placesOf, type QemuRecord, siteDirectory, writeWhole } from "./site.js";

/** How long a machine may take to switch itself off. */
const SHUTDOWN_MS = 90_000;
const GIB = 2 ** 30;

/** Makes what a machine starts with: its disk, which holds what differs from the image, and its seed. */
export async function makeFiles(record: QemuRecord, inputs: QemuInputs): Promise<void> {
  const places = placesOf(record.id);
  const image = await ensureBaseImage(inputs.image);
  await mkdir(places.directory, { recursive: true, mode: 0o700 });
  await writeWhole(places.record, `${JSON.stringify(record, null, 2)}\n`);
  const seed = { ...inputs, id: record.id, hostname: record.hostname };
  await writeWhole(places.seed, seedImage(seed));
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", image, places.disk]);
  await growDisk(record.id, inputs);
}

/** Starts a machine that does not run, and waits until it answers. */
export async function start(record: QemuRecord, settings: Settings): Promise<void> {
  const places = placesOf(record.id);
  const sshPort = await freePort(Number(await readFile(places.port, "utf8").catch(() => "0")));
  await writeWhole(places.port, String(sshPort));
  for (const file of [places.monitor, places.console]) await rm(file, { force: true });
  const args = commandLine(record, settings, sshPort, await accelerator());
  await run("qemu-system-x86_64", args, places.directory);
  await waitForSsh(record);
}

/** Whether a machine is on, be it only that it boots. */
export function isRunning(id: string): Promise<boolean> {
  return command(placesOf(id).monitor).then(
    () => true,
    () => false,
  );
}

/** Has a machine switch itself off; one that does not listen loses its power. */
export async function shutDown(id: string): Promise<void> {
  const { monitor } = placesOf(id);
  await command(monitor, { execute: "system_powerdown" }).catch(() => {});
  for (const begin = performance.now(); performance.now() - begin < SHUTDOWN_MS; await sleep(200))
    if (!(await isRunning(id))) return;
  await powerOff(id);
}

/** Takes a machine its power, and waits until QEMU has ended. */
export async function powerOff(id: string): Promise<void> {
  const places = placesOf(id);
  const pid = Number(await readFile(places.pid, "utf8").catch(() => ""));
  const answered = await command(places.monitor, { execute: "quit" }).then(
    () => true,
    () => false,
  );
  // The number may be another program's by now: only who answered at the machine's own monitor is waited for.
  if (!answered || !(pid > 0)) return;
  while (lives(pid)) await sleep(20);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Has a disk be as big as wanted, whether its machine is on or off. It never shrinks. */
export async function growDisk(id: string, { disk = DEFAULTS.disk }: Settings): Promise<void> {
  const { disk: file, monitor } = placesOf(id);
  const size = Math.ceil(disk * GIB);
  const info = JSON.parse(await run("qemu-img", ["info", "--force-share", "--output=json", file]));
  if (size <= info["virtual-size"]) return;
  if (await isRunning(id))
    await command(monitor, { execute: "block_resize", arguments: { device: "disk", size } });
  else await run("qemu-img", ["resize", "-q", "-f", "qcow2", file, String(size)]);
}

/** Leads ports of this computer to a machine that runs, instead of those that led there. */
export async function changePorts(
  id: string,
  olds: Settings["ports"] = {},
  news: Settings["ports"] = {},
): Promise<void> {
  const { monitor } = placesOf(id);
  const rule = ([from, to]: [string, number]) => forwardRule(from, to);
  const [before, after] = [Object.entries(olds).map(rule), Object.entries(news).map(rule)];
  const gone = before
    .filter((each) => !after.includes(each))
    .map((each) => each.slice(0, each.lastIndexOf("-:")));
  const added = after.filter((each) => !before.includes(each));
  for (const each of gone) await command(monitor, humanCommand(`hostfwd_remove outside ${each}`));
  for (const each of added) {
    const [said] = await command(monitor, humanCommand(`hostfwd_add outside ${each}`));
    if (said) throw new QemuError(`QEMU: ${String(said).trim()}${hintFor(String(said))}`);
  }
}

/** Removes a machine and everything that it had; also one that is half gone or never was. */
export async function remove(id: string, record: QemuRecord | undefined): Promise<void> {
  await powerOff(id);
  if (record) await freeAddress(record);
  await rm(placesOf(id).directory, { recursive: true, force: true });
  await rmdir(siteDirectory()).catch(() => {});
}

/** Whether a machine's disk is there. */
export function hasDisk(id: string): Promise<boolean> {
  return stat(placesOf(id).disk).then(
    () => true,
    () => false,
  );
}
