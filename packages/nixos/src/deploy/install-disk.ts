import {
  bootFromDisks,
  bootsFromDisks,
  type DiskPlan,
  type Host,
  InstallError,
  leadStoreToDisks,
  prepareDisks,
} from "@firn/host";
import { command, notConfirmed } from "../disks/erase.js";
import { devicesOf } from "../disks/target.js";
import type { SystemInputs } from "../system.js";
import type { Deployment } from "./deployment.js";
import { bootNixos, sendNixAndSystem } from "./first-boot.js";

/**
 * Installs NixOS on the disks of a machine that runs a rescue system: they are partitioned, formatted and mounted, the
 * system is sent there, and the machine boots from them. Each step may be repeated, so that a run after a failure goes on
 * where it ended; a machine that runs from these disks is left alone.
 *
 * @returns the connection to go on with: the one that it was given, or a new one after the reboot
 */
export async function installOnDisks(deployment: Deployment, host: Host, disks: DiskPlan): Promise<Host> {
  const { inputs, status } = deployment;
  if (await bootsFromDisks(host, disks)) return host;
  await leadStoreToDisks(host, true);
  status.show("partitioning and formatting its disks");
  for (const did of await prepared(host, disks, inputs, false)) status.note(did);
  await leadStoreToDisks(host);
  await sendNixAndSystem(deployment, host, "sending Nix");
  status.show("installing NixOS on its disks");
  await bootFromDisks(host, inputs.toplevel);
  return bootNixos(deployment, host);
}

/** Looks at the disks of a machine that is to be installed, without writing anything. @returns what is in the way */
export async function disksInTheWay(host: Host, disks: DiskPlan, inputs: SystemInputs): Promise<string[]> {
  if (await bootsFromDisks(host, disks)) return [];
  try {
    await leadStoreToDisks(host, true);
    await prepared(host, disks, inputs, true);
    return [];
  } catch (error) {
    if (error instanceof InstallError) return [error.message];
    throw error;
  }
}

async function prepared(
  host: Host,
  disks: DiskPlan,
  inputs: SystemInputs,
  check: boolean,
): Promise<string[]> {
  const machine = `${inputs.network}-${inputs.machine}`;
  const { eraseDisks: erase } = inputs;
  if (erase === undefined)
    throw new InstallError(`${host.name}: ${notConfirmed(machine, devicesOf(disks))}`, host.name);
  try {
    return await prepareDisks(host, disks, { erase, check });
  } catch (error) {
    const [, serial] = /Its serial number is (\S+?)\.?$/.exec((error as Error).message) ?? [];
    if (serial === undefined) throw error;
    throw new InstallError(
      `${(error as Error).message} If nothing on it is needed: ${command(machine, serial).replace("[0]", `[${erase.length}]`)}`,
      host.name,
      { cause: error },
    );
  }
}
