import { readlink, rename, rm, symlink } from "node:fs/promises";
import type { HostStarter } from "@firn/nixos";
import { ContainerError } from "./errors.js";
import { canBoot, isRunning, startMachine } from "./machine.js";
import { waitForSsh } from "./ready.js";
import { placesOf, readRecord } from "./record.js";
import { type Site, siteOf } from "./site.js";

/**
 * Starts machines that boot from the closure of their own system. Until a deployment has confirmed one, that is the system
 * which is being deployed; from then on, the machine boots its newest confirmed generation.
 */
export const starter: HostStarter = {
  async isStarted(id) {
    const site = siteOf();
    const record = await recordOf(site, id);
    return isRunning(site, id) || canBoot(site, record);
  },

  async start(id, toplevel) {
    const site = siteOf();
    const record = await recordOf(site, id);
    if (await canBoot(site, record)) return;
    const { system } = placesOf(site, id);
    const before = await readlink(system).catch(() => undefined);
    if (before === toplevel && isRunning(site, id)) return waitForSsh(site, record);
    await rm(`${system}.new`, { force: true });
    await symlink(toplevel, `${system}.new`);
    await rename(`${system}.new`, system);
    await startMachine(site, record);
  },
};

async function recordOf(site: Site, id: string) {
  const record = await readRecord(site, id);
  if (record) return record;
  throw new ContainerError(
    `The machine ${id} is gone from ${site.directory}: run \`pulumi refresh\`, then \`pulumi up\` makes it anew.`,
  );
}
