import { LibvirtError } from "../errors.js";
import type { Virsh } from "../virsh/virsh.js";

const KIB_PER_MIB = 1024;

/**
 * Checks that a host has the memory that a machine needs, so that neither the machine nor another one is ended for want
 * of it.
 *
 * @param needed in MiB
 * @throws LibvirtError with what the host has
 */
export async function checkMemory(virsh: Virsh, machine: string, needed: number): Promise<void> {
  const { total, available } = memoryOf(await virsh.run(["nodememstats"]));
  if (total === undefined || needed <= available) return;
  const has =
    needed > total
      ? `the host ${virsh.uri} has ${total} MiB altogether`
      : `the host ${virsh.uri} has ${available} MiB of its ${total} free`;
  throw new LibvirtError(
    `Not enough memory for ${machine}: it needs ${needed} MiB, and ${has}. Ask for less with libvirt({ memory }), or stop another machine there.`,
  );
}

/** Reads what `virsh nodememstats` prints, in MiB; what caches hold is counted as free. */
export function memoryOf(text: string): { readonly total?: number; readonly available: number } {
  const values = new Map(
    [...text.matchAll(/^(\w+)\s*:\s+(\d+) KiB$/gm)].map(([, name = "", kib]) => [
      name,
      Math.floor(Number(kib) / KIB_PER_MIB),
    ]),
  );
  const total = values.get("total");
  const available = ["free", "buffers", "cached"].reduce((sum, name) => sum + (values.get(name) ?? 0), 0);
  return total === undefined ? { available } : { total, available };
}
