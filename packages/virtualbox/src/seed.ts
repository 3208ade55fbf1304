import { isoImage } from "@firn/qemu/guest";

/** A network interface as the guest finds it. */
export interface SeedInterface {
  /** `080027aabbcc`, as VirtualBox says it. */
  readonly mac: string;
  /** `192.168.57.10/24`; DHCP without one. */
  readonly address?: string;
}

/**
 * The CD from which cloud-init learns who a machine is (its NoCloud source): host key, root's key and addresses are in
 * place before sshd starts. The images of Debian and Ubuntu and nixpkgs' `services.cloud-init` read it; none of them needs
 * VirtualBox' Guest Additions for it.
 *
 * @param id another one makes cloud-init do its work again
 * @param userData `#cloud-config` and what follows
 */
export function seedImage(
  id: string,
  hostname: string,
  userData: string,
  interfaces: readonly SeedInterface[],
): Buffer {
  // JSON is YAML.
  const ethernets = interfaces.map(({ mac, address }, index) => [
    `nic${index + 1}`,
    {
      match: { macaddress: formatMac(mac) },
      ...(address === undefined ? { dhcp4: true } : { dhcp4: false, addresses: [address] }),
    },
  ]);
  return isoImage("cidata", {
    "meta-data": `${JSON.stringify({ "instance-id": id, "local-hostname": hostname })}\n`,
    "user-data": userData,
    "network-config": `${JSON.stringify({ version: 2, ethernets: Object.fromEntries(ethernets) })}\n`,
  });
}

/** `08:00:27:aa:bb:cc` of `080027AABBCC`. */
export function formatMac(mac: string): string {
  return (mac.toLowerCase().match(/../g) ?? []).join(":");
}
