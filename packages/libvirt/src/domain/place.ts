import { reserveAddress } from "../network/reserve.js";
import type { Virsh } from "../virsh/virsh.js";
import type { DomainInputs } from "./inputs.js";

/** Whether a machine gives itself its address: `192.168.1.10/24`. */
export function isStatic(address: string | undefined): boolean {
  return address?.includes("/") ?? false;
}

/** `192.168.1.10` of `192.168.1.10/24` */
export function withoutPrefix(address: string): string {
  return address.replace(/\/.*/, "");
}

/**
 * Where a machine is reached. What its network reserves for it is told to the network, before the machine boots.
 *
 * @param had the address that it has already, which it keeps where none is asked for
 */
export async function placeOf(virsh: Virsh, inputs: DomainInputs, had?: string): Promise<string> {
  const { wantedAddress, libvirtNetwork, mac, machine } = inputs;
  if (wantedAddress !== undefined && isStatic(wantedAddress)) return withoutPrefix(wantedAddress);
  return reserveAddress(virsh, libvirtNetwork, { mac, name: machine, address: wantedAddress ?? had });
}
