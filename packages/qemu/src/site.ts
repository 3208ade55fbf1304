import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { QemuError } from "./errors.js";

/** What is settled about a machine for as long as it exists; lies in `machine.json` of its directory. */
export interface QemuRecord {
  readonly id: string;
  readonly hostname: string;
  /** Identity of what it was made for: project, stack, network, machine. */
  readonly owners: readonly string[];
  /** The host key that its seed carries. */
  readonly hostPublicKey: string;
  readonly privateNetwork?: string;
  /** In the private network. */
  readonly privateAddress: string;
  /** MAC addresses of its interfaces. */
  readonly macs: readonly [string, string];
}

/** Where a machine's things are. */
export interface QemuPlaces {
  readonly directory: string;
  readonly record: string;
  readonly disk: string;
  readonly seed: string;
  readonly pid: string;
  /** Socket of QEMU's monitor. */
  readonly monitor: string;
  /** What the machine writes to its serial port. */
  readonly console: string;
  /** The port of this computer that led to its ssh server last. */
  readonly port: string;
}

/** Longest path of a socket, on Linux and macOS. */
const LONGEST_SOCKET = 103;

/** The state directory: `$FIRN_QEMU_STATE`, `$XDG_STATE_HOME/firn/qemu` or `~/.local/state/firn/qemu`. */
export function siteDirectory(): string {
  const home = process.env.XDG_STATE_HOME || join(homedir(), ".local", "state");
  return resolve(process.env.FIRN_QEMU_STATE || join(home, "firn", "qemu"));
}

/** Paths of a machine; QEMU reads commas in them as the end of an option. */
export function placesOf(id: string): QemuPlaces {
  const directory = join(siteDirectory(), id);
  const monitor = join(directory, "qmp");
  if (/[,\n]/.test(directory) || Buffer.byteLength(monitor) > LONGEST_SOCKET)
    throw new QemuError(
      `The state directory ${siteDirectory()} is too long for a socket, or has a comma: set FIRN_QEMU_STATE to a shorter path.`,
    );
  return {
    directory,
    record: join(directory, "machine.json"),
    disk: join(directory, "disk.qcow2"),
    seed: join(directory, "seed.iso"),
    pid: join(directory, "pid"),
    monitor,
    console: join(directory, "console.log"),
    port: join(directory, "ssh-port"),
  };
}

/** A short id that people recognise; the path of a socket has to hold it. */
export function newId(name: string): string {
  return `${name.slice(0, 24)}-${randomBytes(4).toString("hex")}`;
}

/** Writes a file in one step. */
export async function writeWhole(file: string, content: string | Buffer): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function readRecord(id: string): Promise<QemuRecord | undefined> {
  const text = await readFile(placesOf(id).record, "utf8").catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/** A machine that a run that was killed has made before Pulumi noted it: it is of the same owners, and has their key. */
export async function findInterrupted(
  owners: readonly string[],
  hostPublicKey: string,
): Promise<QemuRecord | undefined> {
  for (const id of await readdir(siteDirectory()).catch(() => [])) {
    const record = await readRecord(id).catch(() => undefined);
    if (record?.owners.join("/") === owners.join("/") && record.hostPublicKey === hostPublicKey)
      return record;
  }
  return undefined;
}

/** The private network of a name: multicast on this computer's loopback, which carries its Ethernet frames. */
export function segmentOf(network: string): { group: string; port: number; prefix: string } {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = createHash("sha256")
    .update(`${siteDirectory()}\0${network}`)
    .digest();
  return {
    group: `239.${a}.${b}.${c}`,
    port: 20_000 + (((d << 8) | e) % 10_000),
    prefix: `10.${128 + (d % 64)}.${f}`,
  };
}

/**
 * Takes a free address of a private network. The file that is made for it is made by one caller alone.
 *
 * @throws QemuError when all are taken
 */
export async function takeAddress(network: string, id: string): Promise<string> {
  const { prefix } = segmentOf(network);
  const directory = addressDirectory(network);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (let host = 2; host < 255; host++) {
    const address = `${prefix}.${host}`;
    const taken = await writeFile(join(directory, address), id, { flag: "wx" }).then(
      () => true,
      () => false,
    );
    if (taken) return address;
  }
  throw new QemuError(`The private network "${network}" has no address left: 253 machines are in it.`);
}

/** Gives an address back. */
export async function freeAddress({ privateNetwork, privateAddress }: QemuRecord): Promise<void> {
  if (privateNetwork === undefined) return;
  await rm(join(addressDirectory(privateNetwork), privateAddress), { force: true });
  await rmdir(addressDirectory(privateNetwork)).catch(() => {});
  await rmdir(join(siteDirectory(), ".networks")).catch(() => {});
}

function addressDirectory(network: string): string {
  return join(siteDirectory(), ".networks", createHash("sha256").update(network).digest("hex").slice(0, 12));
}
