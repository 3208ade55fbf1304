import { execFile, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const START_MS = 30_000;

/** A libvirt daemon of this test's own. */
export interface Libvirtd {
  /** Where it answers. */
  readonly uri: string;
  /** Directory for this test's pools and images, which the daemon sees at the same path. */
  readonly directory: string;
  /** Runs virsh, and returns what it says. */
  virsh(...args: readonly string[]): Promise<string>;
  /** Makes and starts a storage pool, and returns its directory. */
  pool(name: string): Promise<string>;
  /** The command that runs another one inside of its network, where its machines are reached. */
  inside(...argv: readonly string[]): string[];
  /** Ends it with all of its machines, and removes every trace. */
  stop(): Promise<void>;
}

/**
 * Starts libvirtd with QEMU's driver as root, in a network, mount and process namespace of its own: its networks,
 * configuration and machines are nobody else's, and end with it. It has no security driver and no cgroups, and runs QEMU
 * as root, because a computer of tests need not have more.
 */
export async function startLibvirtd(): Promise<Libvirtd> {
  // The path of a socket has 107 characters at most.
  const directory = mkdtempSync("/tmp/firn-lv-");
  const socket = join(directory, "run", "libvirt-sock");
  const uri = `qemu:///system?socket=${socket}`;
  const init = join(directory, "init");
  writeFileSync(init, INIT);
  chmodSync(init, 0o700);
  const log = join(directory, "init.log");
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"];
  // A run that is killed takes it along.
  const command = `exec setpriv --pdeathsig KILL unshare "$@" >${log} 2>&1`;
  const child = spawn("sh", ["-c", command, "sh", ...namespaces, "--mount-proc", init, directory], {
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const virsh = async (...args: readonly string[]) =>
    (
      await run("virsh", ["--connect", uri, "--quiet", ...args], { env: { ...process.env, LC_ALL: "C" } })
    ).stdout.trim();
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const end = performance.now() + START_MS;
  for (;;) {
    const problem = await virsh("version").then(
      () => undefined,
      (error: Error) => error,
    );
    if (!problem) break;
    if (child.exitCode !== null || performance.now() > end) {
      const said = await run("tail", ["-n", "20", log, join(directory, "libvirtd.log")]).catch(() => ({
        stdout: "",
      }));
      await stop();
      throw new Error(`libvirtd does not start: ${problem.message}\n${said.stdout}`);
    }
    await sleep(100);
  }
  return {
    uri,
    directory,
    virsh,
    async pool(name) {
      const path = join(directory, `pool-${name}`);
      mkdirSync(path);
      await virsh("pool-define-as", name, "dir", "--target", path);
      await virsh("pool-start", name);
      return path;
    },
    inside: (...argv) => ["nsenter", `--net=/proc/${child.pid}/ns/net`, "--", ...argv],
    stop,
  };
}

/** Process 1 of the namespace. It stays, to wait for those that QEMU and dnsmasq leave to it. */
const INIT = `#!/bin/sh
set -e
cd "$1"
ip link set lo up
for each in etc lib cache log run; do mkdir -p "$each"; done
mkdir -p /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /run/libvirt
mount --bind etc /etc/libvirt
mount --bind lib /var/lib/libvirt
mount --bind cache /var/cache/libvirt
mount --bind log /var/log/libvirt
mount --bind run /run/libvirt
# libvirtd looks for the account that its package makes before it reads which one to take.
for each in passwd group; do cp "/etc/$each" "$each"; done
grep -q ^libvirt-qemu: passwd || echo 'libvirt-qemu:x:64055:64055::/:/bin/false' >> passwd
grep -q ^libvirt-qemu: group || echo 'libvirt-qemu:x:64055:' >> group
for each in passwd group; do mount --bind "$each" "/etc/$each"; done
cat > etc/qemu.conf <<'END'
user = "root"
group = "root"
security_driver = "none"
remember_owner = 0
cgroup_controllers = []
namespaces = []
END
cat > etc/libvirtd.conf <<END
unix_sock_dir = "$1/run"
unix_sock_rw_perms = "0700"
auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "3:file:$1/libvirtd.log"
END
virtlogd --daemon --pid-file "$1/virtlogd.pid"
libvirtd --pid-file "$1/libvirtd.pid" &
wait
`;
