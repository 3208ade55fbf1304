import { lib, modulesPath, nix } from "@firn/nixos";
import type * as pulumi from "@pulumi/pulumi";

/** What the NixOS configuration of an instance depends on. */
export interface Ec2ModuleArgs {
  /** The machine's name. */
  readonly name: string;
  /** The key that opens root's account: `ssh-ed25519 AAAA…`. */
  readonly deployPublicKey: pulumi.Input<string>;
}

/**
 * The physical half of an instance's NixOS configuration: that of NixOS' own images, nixpkgs'
 * `virtualisation/amazon-image.nix`, which brings the boot loader, the disk, the network card, the serial console,
 * time servers, the metadata and Amazon's agent as each release has them.
 *
 * Of what the image does by user data, only its host key is wanted: no configuration comes from there.
 */
export function ec2Module({ name, deployPublicKey }: Ec2ModuleArgs) {
  return {
    imports: [nix`"${modulesPath}/virtualisation/amazon-image.nix"`],
    // Over the module's default, which is what EC2 says at boot, and under what the configuration says.
    networking: { hostName: lib.mkOverride(900, name) },
    services: { openssh: { enable: true } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [deployPublicKey] } } } } },
    virtualisation: { "amazon-init": { enable: false } },
  };
}
