import { lib, modulesPath, nix } from "@firn/nixos";
import type * as pulumi from "@pulumi/pulumi";

/** What the NixOS configuration of a droplet depends on. */
export interface DigitaloceanModuleArgs {
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
  /** The droplet's IPv6 address; `undefined` for a droplet without IPv6. */
  readonly ipv6Address: pulumi.Output<string> | undefined;
}

/**
 * The physical half of a droplet's NixOS configuration, after nixpkgs' `virtualisation/digital-ocean-config.nix`: what
 * that asks the metadata service for at every boot (host name, ssh keys), the configuration says itself.
 */
export function digitaloceanModule({ deployPublicKey, ipv6Address }: DigitaloceanModuleArgs) {
  return {
    imports: [nix`"${modulesPath}/profiles/qemu-guest.nix"`],
    boot: {
      growPartition: true,
      initrd: { kernelModules: ["virtio_scsi"] },
      kernelModules: ["virtio_pci", "virtio_net"],
      // A machine that nobody can type at starts again instead of asking what to do.
      kernelParams: ["console=ttyS0", "console=tty1", "panic=1", "boot.panic_on_fail"],
      loader: { grub: { enable: true, devices: ["/dev/vda"] } },
    },
    fileSystems: { "/": lib.mkDefault({ device: "/dev/vda1", fsType: "ext4", autoResize: true }) },
    networking: {
      // eth0 is the public interface, eth1 that of the VPC.
      usePredictableInterfaceNames: false,
      useDHCP: lib.mkDefault(true),
      ...(ipv6Address === undefined ? {} : ipv6(ipv6Address)),
    },
    services: { openssh: { enable: true }, "do-agent": { enable: lib.mkDefault(true) } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
  };
}

/** DHCP gives no IPv6 address; the router is the first address of the droplet's /64 (docs.digitalocean.com, "IPv6"). */
function ipv6(address: pulumi.Output<string>) {
  return {
    interfaces: { eth0: { useDHCP: true, ipv6: { addresses: [{ address, prefixLength: 64 }] } } },
    defaultGateway6: { address: address.apply(routerOf), interface: "eth0" },
  };
}

/** `2604:a880:800:10::1` of `2604:a880:800:10::2dd:4001`. */
export function routerOf(address: string): string {
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const missing =
    tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter((group) => group !== "").length;
  const all = [...groups, ...Array<string>(missing).fill("0"), ...(tail ?? "").split(":")];
  return `${all.slice(0, 4).join(":")}::1`;
}
