import type { KeyPair } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";

/**
 * User data for NixOS' images: the ssh host key that the machine has at its first boot, in the form that nixpkgs'
 * `virtualisation/ec2-data.nix` reads (`|` for the ends of lines), and that `amazon-init.nix` does not take for a
 * configuration. It is a secret, because Pulumi keeps it in the state.
 *
 * @param hostKey the temporary one: the metadata service shows user data to every process on the machine for as long
 *   as it lives
 */
export function nixosUserData(hostKey: KeyPair): pulumi.Output<string> {
  return pulumi.secret(
    pulumi
      .all([hostKey.privateKey, hostKey.publicKey])
      .apply(
        ([privateKey, publicKey]) =>
          `SSH_HOST_ED25519_KEY:${privateKey.trimEnd().replaceAll("\n", "|")}\nSSH_HOST_ED25519_KEY_PUB:${publicKey}\n`,
      ),
  );
}
