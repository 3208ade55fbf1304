import { overlaps, parseSubnet, type Subnet } from "@firn/nixos/ipv4";
import { LibvirtError } from "../errors.js";

/**
 * Reads the subnet of a network, `10.83.12.0/24`; an address within a subnet stands for the subnet.
 *
 * @throws LibvirtError where it is none, or has no room for machines
 */
export function networkSubnet(text: string): Subnet {
  const subnet = parseSubnet(text);
  if (!subnet || subnet.prefixLength < 8 || subnet.prefixLength > 30)
    throw new LibvirtError(
      `${JSON.stringify(text)} is no subnet: write one as "10.83.12.0/24", with 8 to 30 bits.`,
    );
  return subnet;
}

/** Whether an address, as a number, is in a subnet. */
export function contains(subnet: Subnet, address: number): boolean {
  return overlaps(subnet, { base: address, prefixLength: 32 });
}
