import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type * as pulumi from "@pulumi/pulumi";

interface KeyPairInputs {
  readonly comment: string;
  readonly rotation: number;
}

/** Life cycle of {@link SshKeyPair}. */
export const keyPair = {
  async create(inputs: KeyPairInputs): Promise<pulumi.dynamic.CreateResult> {
    const { publicKey, privateKey } = await generateKeyPair(inputs.comment);
    return { id: inputs.comment, outs: { ...inputs, publicKey, privateKey } };
  },

  async diff(_id: string, olds: KeyPairInputs, news: KeyPairInputs): Promise<pulumi.dynamic.DiffResult> {
    const rotated = olds.rotation !== news.rotation;
    return { changes: rotated, replaces: rotated ? ["rotation"] : [], deleteBeforeReplace: false };
  },
};

/**
 * Makes an ed25519 key pair with `ssh-keygen`, whose private format is the one that sshd reads.
 * The private file lies in a 0700 directory for the moment it takes to read it.
 */
export async function generateKeyPair(comment: string): Promise<{ publicKey: string; privateKey: string }> {
  const directory = await mkdtemp(join(tmpdir(), "firn-key-"));
  try {
    const file = join(directory, "key");
    await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file]);
    const [type, key] = (await readFile(`${file}.pub`, "utf8")).split(" ");
    return { publicKey: `${type} ${key}`, privateKey: await readFile(file, "utf8") };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
