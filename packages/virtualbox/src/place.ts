import { guestAddress, subnetOfNetwork, takeAddress, waitForGuestAddress } from "./address.js";
import type { MachineInputs, MachineOutputs } from "./inputs.js";
import type { MachineInfo } from "./manage/info.js";

/** Where a machine is reached. */
export type Place = Pick<MachineOutputs, "address" | "prefixLength">;

/** Where a machine that runs is reached, as far as VirtualBox knows now. */
export async function placeOf(uuid: string, info: MachineInfo, inputs: MachineInputs): Promise<Place> {
  const fixed = await fixedAddress(inputs);
  if (fixed) return fixed;
  return { address: (await guestAddress(uuid, info.get("macaddress2") ?? "")) ?? "", prefixLength: 0 };
}

/** The address that Firn gives a machine: in a host-only network always, in a bridged one where the user chose it. */
export async function fixedAddress(inputs: MachineInputs): Promise<Place | undefined> {
  if (inputs.bridged !== undefined) {
    const [address = "", length] = inputs.fixedAddress?.split("/") ?? [];
    return inputs.fixedAddress === undefined ? undefined : { address, prefixLength: Number(length) };
  }
  const subnet = await subnetOfNetwork(inputs.hostOnly ?? "");
  const address = await takeAddress(subnet, inputs.name, inputs.fixedAddress);
  return { address, prefixLength: subnet.prefixLength };
}

/** The address that a machine which has just been started tells of itself. */
export async function toldAddress(uuid: string, info: MachineInfo, inputs: MachineInputs): Promise<Place> {
  const address = await waitForGuestAddress(uuid, inputs.name, info.get("macaddress2") ?? "");
  return { address, prefixLength: 0 };
}
