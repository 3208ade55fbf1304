import { connect, type Host, installNix, rebootInto } from "@firn/host";
import { copySystem } from "./copy.js";
import type { Deployment } from "./deployment.js";
import { megabytes } from "./megabytes.js";
import { sshTarget } from "./ssh-target.js";

/** How long a machine may take for its first boot of NixOS, in milliseconds. */
const FIRST_BOOT_MS = 600_000;

/**
 * Sends a machine that has no Nix its Nix and its system.
 *
 * @param doing what is shown meanwhile: `installing Nix`
 */
export async function sendNixAndSystem(deployment: Deployment, host: Host, doing: string): Promise<void> {
  const { inputs, status } = deployment;
  status.show(doing);
  await installNix(host, inputs.toplevel, (bytes) => status.show(`${doing}, ${megabytes(bytes)} MB`));
  await copySystem(deployment, host);
}

/** Reboots a machine into the NixOS that was installed. @returns a connection to it */
export async function bootNixos({ inputs, status }: Deployment, host: Host): Promise<Host> {
  status.show("rebooting into NixOS");
  return rebootInto(host, inputs.toplevel, {
    reconnect: () => connect(sshTarget(inputs)),
    timeoutMs: FIRST_BOOT_MS,
  });
}
