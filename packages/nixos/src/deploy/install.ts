import { type Host, hasBootedNixos, takeOver } from "@firn/host";
import type { Deployment } from "./deployment.js";
import { bootNixos, sendNixAndSystem } from "./first-boot.js";
import { installOnDisks } from "./install-disk.js";

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
  await sendNixAndSystem(deployment, host, "installing Nix");
  status.show("installing NixOS in place of what it runs");
  await takeOver(host, inputs.toplevel);
  return bootNixos(deployment, host);
}
