import { isoImage } from "./iso9660.js";

/** What a machine is told before its first boot. */
export interface Seed {
  /** Another one is another machine to cloud-init, which then sets it up anew. */
  readonly id: string;
  readonly hostname: string;
  readonly hostPublicKey: string;
  /** OpenSSH text. */
  readonly hostPrivateKey: string;
  /** Opens root's account. */
  readonly deployPublicKey: string;
  /** Configuration of its network, version 2, for a machine that gives itself its address; default: DHCP. */
  readonly networkConfig?: object;
}

/**
 * A seed of cloud-init's data source NoCloud: a file system labelled `cidata` that gives a machine the host key which is
 * pinned, and lets the deployer in, before anybody connects. Its file is for root alone on both sides; it has to stay
 * attached, because cloud-init without a source makes new host keys.
 *
 * @returns bytes of the image, the same for the same seed
 */
export function seedImage(seed: Seed): Buffer {
  const { id, hostname, hostPublicKey, hostPrivateKey, deployPublicKey, networkConfig } = seed;
  // JSON is YAML, and needs no quoting of its own. Debian's default would close root's account.
  const user = {
    disable_root: false,
    ssh_deletekeys: true,
    ssh_genkeytypes: [],
    ssh_keys: { ed25519_private: hostPrivateKey, ed25519_public: hostPublicKey },
    ssh_authorized_keys: [deployPublicKey],
  };
  return isoImage("cidata", {
    "meta-data": `${JSON.stringify({ "instance-id": id, "local-hostname": hostname })}\n`,
    "user-data": `#cloud-config\n${JSON.stringify(user)}\n`,
    ...(networkConfig === undefined ? {} : { "network-config": `${JSON.stringify(networkConfig)}\n` }),
  });
}
