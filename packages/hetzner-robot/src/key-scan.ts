import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The host keys that a host's sshd offers, `ssh-ed25519 AAAA…`; none where it does not answer. They prove nothing by themselves. */
export async function offeredKeys(address: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ssh-keyscan", [
    "-T",
    "5",
    "-t",
    "ed25519,ecdsa,rsa",
    "--",
    address,
  ]).catch(() => ({ stdout: "" }));
  return stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" ").slice(1, 3).join(" "))
    .sort((a, b) => Number(b.startsWith("ssh-ed25519 ")) - Number(a.startsWith("ssh-ed25519 ")));
}
