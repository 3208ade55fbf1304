import * as pulumi from "@pulumi/pulumi";
import type { KeyPair } from "../target.js";

/**
 * User data for images with cloud-init: the ssh host key that the machine has at its first boot. It is a secret,
 * because Pulumi keeps it in the state.
 *
 * @param hostKey the temporary one: the metadata service shows user data to every process on the machine for as long
 *   as it lives
 * @param rootKey opens root's account, for clouds that would give it to another account only
 */
export function cloudConfig(hostKey: KeyPair, rootKey?: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.secret(
    pulumi
      .all([hostKey.privateKey, hostKey.publicKey, rootKey])
      .apply(([ed25519_private, ed25519_public, key]) => {
        // JSON is YAML, and needs no quoting of its own. Debian's default would close root's account.
        const config = {
          disable_root: false,
          ssh_keys: { ed25519_private, ed25519_public },
          ...(key === undefined ? {} : { ssh_authorized_keys: [key] }),
        };
        return `#cloud-config\n${JSON.stringify(config)}\n`;
      }),
  );
}
