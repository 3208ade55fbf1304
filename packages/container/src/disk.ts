import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What makes a machine itself rather than another one of the same image. */
export interface Identity {
  readonly hostname: string;
  /** OpenSSH text of its ssh host key. */
  readonly hostPrivateKey: string;
  /** `ssh-ed25519 AAAA…` */
  readonly hostPublicKey: string;
  /** The key that opens root's account. */
  readonly deployPublicKey: string;
}

/** Writes a machine's identity into its disk before its first start. */
export async function writeIdentity(root: string, identity: Identity): Promise<void> {
  const put = async (path: string, mode: number, content: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { mode, flag: "wx" });
  };
  await put("etc/hostname", 0o644, `${identity.hostname}\n`);
  await put("etc/machine-id", 0o444, `${randomBytes(16).toString("hex")}\n`);
  await put("etc/ssh/ssh_host_ed25519_key", 0o600, `${identity.hostPrivateKey.trimEnd()}\n`);
  await put("etc/ssh/ssh_host_ed25519_key.pub", 0o644, `${identity.hostPublicKey}\n`);
  await writeAuthorizedKey(root, identity.deployPublicKey);
}

/** Makes a key the one that opens root's account; `root` is a disk, or a running machine's root directory. */
export async function writeAuthorizedKey(root: string, publicKey: string): Promise<void> {
  await mkdir(join(root, "root"), { recursive: true, mode: 0o700 });
  await mkdir(join(root, "root/.ssh"), { recursive: true, mode: 0o700 });
  await writeFile(join(root, "root/.ssh/authorized_keys"), `${publicKey}\n`, { mode: 0o600 });
}
