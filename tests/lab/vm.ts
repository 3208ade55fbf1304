import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Project } from "../e2e/project.js";

/** The disk with Debian that set-up made for virtual machines: qcow2, with the partitions of Debian's cloud images. */
export function labVmImage(): string {
  return readFileSync(fileURLToPath(new URL("../../.firn/vm-disk", import.meta.url)), "utf8").trim();
}

/** A port of this computer that nobody has at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Runs a command as root on a virtual machine of a project, over ssh with its own pinned key; returns what it printed. */
export async function sshTo(
  project: Project,
  machine: string,
  port: number,
  command: string,
): Promise<string> {
  const resources = await project.resources("--show-secrets");
  const key = (name: string, half: string) => {
    const value = resources.find(({ urn }) => urn.endsWith(`SshKeyPair::${name}`))?.outputs?.[half];
    return typeof value === "object" ? JSON.parse((value as { plaintext: string }).plaintext) : String(value);
  };
  const directory = mkdtempSync(join(tmpdir(), "firn-ssh-"));
  try {
    const [identity, known] = [join(directory, "key"), join(directory, "known_hosts")];
    writeFileSync(identity, key("lab-deploy-key", "privateKey"), { mode: 0o600 });
    writeFileSync(known, `[127.0.0.1]:${port} ${key(`lab-${machine}-host-key`, "publicKey")}\n`);
    const options = [
      "BatchMode=yes",
      `UserKnownHostsFile=${known}`,
      "StrictHostKeyChecking=yes",
      "ConnectTimeout=60",
    ];
    const args = [
      "-F",
      "/dev/null",
      "-i",
      identity,
      "-p",
      String(port),
      ...options.flatMap((each) => ["-o", each]),
    ];
    const { stdout } = await promisify(execFile)("ssh", [...args, "root@127.0.0.1", command]);
    return stdout.trim();
  } finally {
    rmSync(directory, { recursive: true });
  }
}
