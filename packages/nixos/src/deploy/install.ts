import { connect, type Host, hasBootedNixos, installNix, rebootInto, takeOver } from "@firn/host";
import { copySystem } from "./copy.js";
import type { Deployment } from "./deployment.js";
import { installOnDisks } from "./install-disk.js";
import { sshTarget } from "./ssh-target.js";

/** How long a machine may take for its first boot of NixOS, in milliseconds. */
export const FIRST_BOOT_MS = 600_000;

/**
 * Turns a machine that runs another distribution into one that runs its NixOS system: Nix and the system are sent, the
 * boot loader is installed, and the machine is rebooted. Each step may be repeated, so that a run after a failure goes on
 * where it ended; a machine that has booted NixOS is left alone.
 *
 * @returns the connection to go on with: the one that it was given, or a new one after the reboot
 */
export async function installSystem(deployment: Deployment, host: Host): Promise<Host> {
  const { inputs, status } = deployment;
  if (inputs.disks) return installOnDisks(deployment, host, inputs.disks);
  if (await hasBootedNixos(host)) return host;
  status.show("installing Nix");
  await installNix(host, inputs.toplevel, (bytes) => status.show(`installing Nix, ${megabytes(bytes)} MB`));
  await copySystem(deployment, host);
  status.show("installing NixOS in place of what it runs");
  await takeOver(host, inputs.toplevel);
  status.show("rebooting into NixOS");
  return rebootInto(host, inputs.toplevel, {
    reconnect: () => connect(sshTarget(inputs)),
    timeoutMs: FIRST_BOOT_MS,
  });
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
