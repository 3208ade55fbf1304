import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { segmentOf } from "../../packages/qemu/src/site.js";
import type { Project } from "../e2e/project.js";

/** The disk with Debian that `npm run test:vms` made for virtual machines: qcow2, with the partitions of Debian's cloud images. */
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

/**
 * Asks for an address in a private network of `qemu()`, as another machine of it would: an Ethernet frame is a datagram
 * to the network's multicast group on the loopback interface.
 *
 * @returns whether a machine answered that it has the address, within ten seconds
 */
export async function answersArp(state: string, network: string, address: string): Promise<boolean> {
  process.env.FIRN_QEMU_STATE = state;
  const { group, port, prefix } = segmentOf(network);
  const bytes = (text: string) => Buffer.from(text.split(".").map(Number));
  const mac = Buffer.from([0x52, 0x54, 0, 0xff, 0xff, 0xfe]);
  // Who has the address? Tell the last one of the network (RFC 826).
  const question = Buffer.concat([
    Buffer.alloc(6, 0xff),
    mac,
    Buffer.from([0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1]),
    mac,
    bytes(`${prefix}.254`),
    Buffer.alloc(6),
    bytes(address),
  ]);
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  try {
    await new Promise<void>((resolve) => socket.bind(port, group, resolve));
    socket.addMembership(group, "127.0.0.1");
    socket.setMulticastInterface("127.0.0.1");
    socket.setMulticastLoopback(true);
    const answer = new Promise<boolean>((resolve) => {
      socket.on("message", (frame) => {
        if (frame[21] === 2 && frame.subarray(28, 32).equals(bytes(address))) resolve(true);
      });
    });
    for (let tries = 0; tries < 10; tries++) {
      socket.send(question, port, group);
      if (await Promise.race([answer, sleep(1000, false)])) return true;
    }
    return false;
  } finally {
    socket.close();
  }
}
