import { setTimeout as sleep } from "node:timers/promises";
import { infoOf, isOn } from "./manage/info.js";
import { manage } from "./manage/manage.js";

/** How long a machine may take to shut down before its plug is pulled, in milliseconds. */
const SHUTDOWN_MS = 90_000;

/** Starts a machine that is off; does nothing for one that runs. */
export async function start(machine: string, name: string, headless: boolean): Promise<void> {
  const info = await infoOf(machine);
  if (info && isOn(info)) return;
  await manage(`start the machine ${name}`, "startvm", machine, `--type=${headless ? "headless" : "gui"}`);
}

/**
 * Switches a machine off: it is asked to shut down, and its plug is pulled where it does not.
 *
 * @returns whether it ran
 */
export async function stop(machine: string, name: string, timeoutMs = SHUTDOWN_MS): Promise<boolean> {
  const info = await infoOf(machine);
  if (!info || !isOn(info)) return false;
  // A machine that is paused hears nothing.
  if (info.get("VMState") === "running")
    await manage(`shut the machine ${name} down`, "controlvm", machine, "acpipowerbutton");
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(250)) {
    const now = await infoOf(machine);
    if (!now || !isOn(now)) return true;
  }
  await manage(`switch the machine ${name} off`, "controlvm", machine, "poweroff");
  return true;
}
