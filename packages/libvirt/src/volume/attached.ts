import type { Virsh } from "../virsh/virsh.js";
import { childrenOf, find } from "../xml/element.js";
import { readXml } from "../xml/read.js";

/**
 * What a running domain calls a volume that it has as a disk, `vda`; undefined where it has it not, or does not run.
 */
export async function targetInDomain(
  virsh: Virsh,
  { pool, volume, domain }: { readonly pool: string; readonly volume: string; readonly domain?: string },
): Promise<string | undefined> {
  if (domain === undefined || (await virsh.ask(["domstate", domain])) !== "running") return undefined;
  const devices = find(readXml(await virsh.run(["dumpxml", domain])), "devices");
  const disk = (devices === undefined ? [] : childrenOf(devices, "disk")).find((each) => {
    const source = find(each, "source")?.attributes;
    return source?.pool === pool && source.volume === volume;
  });
  return disk && find(disk, "target")?.attributes.dev;
}
