import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, copyClosure } from "@firn/host";
import type { TestMachine } from "../host/machine.js";
import { delayProxy } from "../lab/delay-proxy.js";

/** A way to copy a closure to a machine. */
export interface Copier {
  readonly name: string;
  /** Copies, from nothing: the connection included. Rejects when it fails or takes longer than `limitMs`. */
  copy(path: string, limitMs: number): Promise<void>;
}

/** All ways to copy to one machine over a line with a round trip of so many milliseconds. */
export interface Copiers {
  readonly all: readonly Copier[];
  close(): Promise<void>;
}

/** A copy that took longer than it was given. */
export class TookTooLong extends Error {}

/** @param roundTripMs 0 for the machine as it is, without anything in between */
export async function copiersTo(box: TestMachine, roundTripMs: number): Promise<Copiers> {
  const direct = { address: box.address, port: 22 };
  const proxy = roundTripMs === 0 ? undefined : await delayProxy(direct, roundTripMs);
  const { address, port } = proxy === undefined ? direct : { address: "127.0.0.1", port: proxy.port };
  const directory = mkdtempSync(join(tmpdir(), "firn-copiers-"));
  const [key, knownHosts] = [join(directory, "key"), join(directory, "known_hosts")];
  writeFileSync(key, box.identity, { mode: 0o600 });
  writeFileSync(knownHosts, `lab ${box.hostKey}\n`);
  const env = {
    ...process.env,
    NIX_SSHOPTS: `-F none -p ${port} -i ${key} -o IdentitiesOnly=yes -o UserKnownHostsFile=${knownHosts} -o HostKeyAlias=lab -o LogLevel=ERROR`,
  };
  const peer = (name: string, ...argv: readonly string[]): Copier => ({
    name,
    copy: (path, limitMs) => run([...argv, path], env, limitMs),
  });
  const nixCopy = (scheme: string) => {
    const features = ["--extra-experimental-features", "nix-command"];
    const store = `${scheme}://root@${address}`;
    return peer(`nix copy --to ${scheme}://`, "nix", "copy", ...features, "--no-check-sigs", "--to", store);
  };
  const closing: Promise<void>[] = [];
  return {
    all: [
      {
        name: "Firn",
        async copy(path) {
          const host = await connect({ ...box.target, address, port });
          await copyClosure(host, [path]).finally(() => {
            // A deployment goes on over this connection.
            closing.push(host.close());
          });
        },
      },
      peer("nix-copy-closure", "nix-copy-closure", "--to", `root@${address}`),
      nixCopy("ssh"),
      nixCopy("ssh-ng"),
    ],
    async close() {
      await Promise.all(closing);
      rmSync(directory, { recursive: true });
      await proxy?.close();
    },
  };
}

function run(argv: readonly string[], env: NodeJS.ProcessEnv, limitMs: number): Promise<void> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr = (stderr + chunk).slice(-4096);
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGTERM");
    }, limitMs);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      if (timedOut) reject(new TookTooLong());
      else if (code === 0) resolve();
      else reject(new Error(`${program} exited with ${code}: ${stderr}`));
    });
  });
}
