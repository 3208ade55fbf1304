import { ensureImage } from "@firn/container/image";

/** The root file system of machines whose kernel may lack WireGuard, and whose firewalls hold; set-up makes it. */
export function linkImage(): Promise<string> {
  return ensureImage(undefined, ["iptables", "nftables", "wireguard-go", "wireguard-tools"]);
}
