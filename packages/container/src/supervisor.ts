import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { copyFile, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Subnet } from "@firn/nixos/ipv4";
import { cgroupPath, makeCgroup, processesIn } from "./cgroup.js";
import { ContainerError } from "./errors.js";
import { limitResources } from "./limit-resources.js";
import { type ContainerRecord, placesOf } from "./record.js";
import { lastLines, PROGRAM_ENVIRONMENT, runInside } from "./run.js";
import { readSettings } from "./settings.js";
import type { Site } from "./site.js";

const SCRIPT = fileURLToPath(new URL("../scripts/machine.sh", import.meta.url));

/**
 * Starts a container's supervisor, which outlives this process and its terminal. It starts the machine, starts it again
 * when the machine reboots, and ends when the machine is powered off.
 */
export async function startSupervisor(site: Site, record: ContainerRecord, subnet: Subnet): Promise<void> {
  const places = placesOf(site, record.id);
  await copyFile(SCRIPT, places.script);
  const cgroup = makeCgroup(places.cgroup);
  await applyLimits(site, record.id);
  for (const mark of [places.bootId, places.ended]) await rm(mark, { force: true });
  const console = await open(places.console, "a", 0o600);
  try {
    const address = `${record.address}/${subnet.prefixLength}`;
    const image = record.image ?? "";
    const parameters = [places.directory, cgroup, places.netns, image, record.hostname, address];
    // --fork: the supervisor is nobody's child, so nobody who clears away after Pulumi finds it.
    const child = spawn("setsid", ["--fork", "sh", places.script, "supervise", ...parameters], {
      cwd: "/",
      env: PROGRAM_ENVIRONMENT,
      stdio: ["ignore", console.fd, console.fd],
    });
    const [code] = await once(child, "close");
    if (code !== 0) throw new ContainerError(`setsid ended with ${code}.${await lastWords(site, record.id)}`);
  } finally {
    await console.close();
  }
}

/** Gives a machine the limits that its settings say; they hold at once. */
export async function applyLimits(site: Site, id: string): Promise<void> {
  const places = placesOf(site, id);
  const entered = limitResources(places.cgroup, await readSettings(site, id));
  await writeFile(places.limits, entered.map((directory) => `${directory}\n`).join(""));
  // One that runs has its processes where they were: they come along.
  for (const directory of entered)
    for (const pid of processesIn(join(cgroupPath(places.cgroup), "machine")))
      await writeFile(join(directory, "cgroup.procs"), String(pid)).catch(() => {});
}

/** Id, on this computer, of a machine's PID 1; `undefined` while it has none. */
export function mainProcess(site: Site, id: string): number | undefined {
  const machine = join(cgroupPath(placesOf(site, id).cgroup), "machine");
  // Two levels: this computer's number and the machine's own. More would be a namespace inside the machine.
  return processesIn(machine).find((pid) => /^NSpid:\t\d+\t1$/m.test(statusOf(pid)));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

/** What a machine said last, for error messages; empty when it said nothing. */
export async function lastWords(site: Site, id: string): Promise<string> {
  const lines = await lastLinesOf(site, id);
  return lines.length === 0 ? "" : `\nIts last words:\n${lastLines(lines.join("\n"), lines.length)}`;
}

/** The last lines that a machine wrote on its console and in its journal, the newest last. */
export async function lastLinesOf(site: Site, id: string): Promise<string[]> {
  const said = await readFile(placesOf(site, id).console, "utf8").catch(() => "");
  const pid = mainProcess(site, id);
  const journal = pid
    ? await runInside(pid, ["journalctl", "--no-pager", "--lines=15", "--output=cat"]).catch(() => "")
    : "";
  const text = [said, journal].map((part) => part.trim()).filter(Boolean);
  return text.length === 0 ? [] : text.join("\n").split("\n").slice(-20);
}
