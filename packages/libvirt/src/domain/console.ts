import { readFile } from "node:fs/promises";
import { linesOfConsole } from "@firn/qemu/guest";
import { tokenOf } from "../owner.js";
import { type Virsh, withFile } from "../virsh/virsh.js";
import { poolOf, refreshPool } from "../volume/pool.js";
import type { DomainInputs } from "./inputs.js";

/** How much of a console's end is looked at, in bytes. */
const END = 64 * 1024;
/** virtlogd keeps so many older files beside a console's, each of 2 MiB (virtlogd.conf, `max_backups`). */
const BACKUPS = 3;

/** Where a machine's serial console is kept: in the pool of its disk, which libvirt lets us read wherever the host is. */
export function consoleVolume({ name, owner }: Pick<DomainInputs, "name" | "owner">): string {
  return `${name}-${tokenOf(owner).slice(0, 6)}.console`;
}

/** The console's file on the host. */
export async function consoleFile(virsh: Virsh, inputs: DomainInputs): Promise<string> {
  const { path } = await poolOf(virsh, inputs.pool);
  return `${path}/${consoleVolume(inputs)}`;
}

/** The last lines of what a machine has said on its serial console since it was started; none where it cannot be read. */
export async function lastLinesOf(
  virsh: Virsh,
  inputs: Pick<DomainInputs, "name" | "owner" | "pool">,
  count = 20,
): Promise<string[]> {
  const volume = consoleVolume(inputs);
  try {
    const text = await download(virsh, inputs.pool, volume);
    return linesOfConsole(text, count);
  } catch {
    // What it would have explained is worse.
    return [];
  }
}

async function download(virsh: Virsh, pool: string, volume: string): Promise<string> {
  // The file is libvirt's own, and the pool has not heard of it or of its size yet.
  await refreshPool(virsh, pool);
  const info = await virsh.run(["vol-info", "--bytes", "--pool", pool, volume]);
  const size = Number(/^Capacity:\s+(\d+)/m.exec(info)?.[1] ?? 0);
  const offset = Math.max(0, size - END);
  return withFile("", async (file) => {
    await virsh.run(["vol-download", "--pool", pool, volume, file, "--offset", String(offset)]);
    return readFile(file, "utf8");
  });
}

/** Removes the console of a machine that is gone. */
export async function removeConsole(virsh: Virsh, inputs: DomainInputs): Promise<void> {
  const { pool } = inputs;
  if (!(await refreshPool(virsh, pool))) return;
  const file = consoleVolume(inputs);
  const files = [file, ...Array.from({ length: BACKUPS }, (_, index) => `${file}.${index}`)];
  for (const volume of files)
    if ((await virsh.ask(["vol-info", "--pool", pool, volume])) !== undefined)
      await virsh.run(["vol-delete", "--pool", pool, volume]);
}
