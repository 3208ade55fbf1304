import { type Host, placeKeys, settleKeys } from "@firn/host";
import { listNames } from "../keys/list.js";
import type { MachineKeys } from "../keys/values.js";
import type { Status } from "../status.js";

/** Where it is told what was done. */
interface Notes {
  readonly status: Pick<Status, "note">;
}

/** Puts keys in place before the system that wants them is activated: what runs is left alone. */
export async function placeMachineKeys({ status }: Notes, host: Host, keys: MachineKeys): Promise<boolean> {
  const { sent, unsettled } = await placeKeys(host, keys.keys);
  if (sent.length > 0) status.note(`keys: sent ${listNames(sent)}`);
  return unsettled;
}

/** Removes keys that are declared no more, and restarts the units that still run with older ones. */
export async function settleMachineKeys({ status }: Notes, host: Host, keys: MachineKeys): Promise<void> {
  const { removed, restarted, reloaded } = await settleKeys(host, keys.keys);
  if (removed.length > 0) status.note(`keys: removed ${listNames(removed)}`);
  if (restarted.length > 0) status.note(`keys: restarted ${listNames(restarted)}`);
  if (reloaded.length > 0) status.note(`keys: reloaded ${listNames(reloaded)}`);
}
