import type * as pulumi from "@pulumi/pulumi";

/**
 * The physical half of the NixOS configuration of a machine whose kernel, network and devices are this computer's.
 *
 * @param deployPublicKey the key that opens root's account: `ssh-ed25519 AAAA…`
 * @param fromClosure whether the supervisor starts the system's own init, rather than /sbin/init
 */
export function containerModule(
  deployPublicKey: pulumi.Input<string>,
  { fromClosure }: { readonly fromClosure: boolean },
) {
  return {
    // NixOS installs no boot loader in containers of its own accord.
    boot: { isContainer: true, ...(fromClosure ? {} : { loader: { initScript: { enable: true } } }) },
    // eth0 is set up before init starts, and nobody here answers DHCP.
    networking: { useDHCP: false },
    // On demand, which is NixOS' default in containers, its socket would ask for a port that sshd already has.
    services: { openssh: { enable: true, startWhenNeeded: false } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
  };
}
