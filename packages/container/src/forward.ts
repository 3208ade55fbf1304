import { spawn } from "node:child_process";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cgroupPath } from "./cgroup.js";
import { ContainerError } from "./errors.js";
import { type ContainerRecord, placesOf } from "./record.js";
import { lastLines, PROGRAM_ENVIRONMENT } from "./run.js";
import { readSettings } from "./settings.js";
import type { Site } from "./site.js";

const SCRIPT = fileURLToPath(new URL("../scripts/forward.mjs", import.meta.url));
const TIMEOUT_MS = 15_000;

/**
 * Starts, or stops, what forwards ports of this computer to a machine, as its settings say now.
 *
 * @throws ContainerError where one of the ports is taken
 */
export async function forwardPorts(site: Site, record: ContainerRecord): Promise<void> {
  const places = placesOf(site, record.id);
  const { ports = {} } = await readSettings(site, record.id);
  await endForwarder(places.forwarder);
  const entries = Object.entries(ports).map(([from, to]) => `${from}=${to}`);
  if (entries.length === 0) return;
  const log = await open(places.forwarderLog, "w", 0o600);
  try {
    // The shell goes into the machine's cgroup, says who it is, and becomes the forwarder.
    const begin = 'echo 0 >"$1/supervisor/cgroup.procs"; echo $$ >"$2"; shift 2; exec "$@"';
    const program = [process.execPath, SCRIPT, record.address, ...entries];
    const args = ["--fork", "sh", "-c", begin, "sh", cgroupPath(places.cgroup), places.forwarder, ...program];
    spawn("setsid", args, { cwd: "/", env: PROGRAM_ENVIRONMENT, stdio: ["ignore", log.fd, log.fd] });
    await listening(places.forwarderLog, entries.length, record.hostname);
  } finally {
    await log.close();
  }
}

async function listening(file: string, count: number, machine: string): Promise<void> {
  for (const start = performance.now(); performance.now() - start < TIMEOUT_MS; await sleep(50)) {
    const said = await readFile(file, "utf8").catch(() => "");
    if (/cannot be forwarded/.test(said))
      throw new ContainerError(
        `Ports of this computer cannot be forwarded to ${machine}:\n${lastLines(said, 3)}\nChoose another port, or end what has it.`,
      );
    if (said.split("\n").filter((line) => line.startsWith("forwards ")).length === count) return;
  }
  throw new ContainerError(
    `Ports of this computer were not forwarded to ${machine} within ${TIMEOUT_MS / 1000} s.`,
  );
}

async function endForwarder(file: string): Promise<void> {
  const pid = Number(await readFile(file, "utf8").catch(() => ""));
  await rm(file, { force: true });
  const command =
    pid > 0 ? await readFile(join("/proc", String(pid), "cmdline"), "utf8").catch(() => "") : "";
  // After a restart of this computer the number may be another program's.
  if (!command.includes(SCRIPT)) return;
  process.kill(pid, "SIGTERM");
  while (await readFile(join("/proc", String(pid), "stat"), "utf8").catch(() => undefined)) await sleep(20);
}
