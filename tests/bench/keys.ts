import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { connect, type Key, placeKeys, type SshTarget, settleKeys } from "@firn/host";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { medians } from "./medians.js";

const RUNS = 5;
const KEY_BYTES = 64;

/** Seconds for all machines at once, each with a connection of its own. */
interface Run {
  /** What people do without a tool: one plain `tar | ssh tar` a machine. */
  tar_over_ssh_s: number;
  /** Connecting, asking, sending all keys, giving them owner and mode, and settling. */
  all_sent_s: number;
  /** The same with one key of each machine changed. */
  one_sent_s: number;
  none_sent_s: number;
}

/** Measures sending keys to machines, against `tar | ssh tar` in the same run. */
export async function benchKeys(
  count: number,
  keysEach: number,
  say: (line: string) => void,
): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), "firn-bench-"));
  const machines = await Promise.all(Array.from({ length: count }, (_, n) => startContainer(`keys-${n}`)));
  try {
    const runs: Run[] = [];
    // The first one warms up: programs are read from disk once.
    for (let run = 0; run <= RUNS; run += 1) {
      const result = await measure(machines, keysEach, join(directory, String(run)));
      say(`run ${run}: ${JSON.stringify(result)}`);
      if (run > 0) runs.push(result);
    }
    const median = medians(runs);
    const ratio = Math.round((median.all_sent_s / median.tar_over_ssh_s) * 100) / 100;
    return { machines: count, keys: keysEach, ...median, all_sent_by_tar: ratio };
  } finally {
    await Promise.all(machines.map((machine) => machine.remove()));
    rmSync(directory, { recursive: true });
  }
}

async function measure(machines: readonly LabContainer[], keysEach: number, directory: string): Promise<Run> {
  const values = Array.from({ length: keysEach }, () => randomBytes(KEY_BYTES));
  const files = join(directory, "keys");
  mkdirSync(files, { recursive: true });
  for (const [n, value] of values.entries()) writeFileSync(join(files, `key-${n}`), value, { mode: 0o400 });
  const changed = [randomBytes(KEY_BYTES), ...values.slice(1)];
  return {
    tar_over_ssh_s: await timed(machines, (machine) => tarOverSsh(machine, files, directory)),
    all_sent_s: await timed(machines, (machine) => send(machine, values, keysEach)),
    one_sent_s: await timed(machines, (machine) => send(machine, changed, 1)),
    none_sent_s: await timed(machines, (machine) => send(machine, changed, 0)),
  };
}

async function timed(
  machines: readonly LabContainer[],
  work: (machine: LabContainer) => Promise<void>,
): Promise<number> {
  const start = performance.now();
  await Promise.all(machines.map(work));
  return Math.round((performance.now() - start) / 10) / 100;
}

async function send(machine: LabContainer, values: readonly Buffer[], expected: number): Promise<void> {
  const { address, hostKey, identity, id: name } = machine;
  const target: SshTarget = { name, address, hostKey, identity, user: "root" };
  const keys = values.map(
    (value, n): Key => ({
      name: `key-${n}`,
      path: `/run/keys/key-${n}`,
      user: n % 2 === 0 ? "root" : "nobody",
      group: "root",
      permissions: "0400",
      value,
    }),
  );
  const host = await connect(target);
  try {
    const { sent, unsettled } = await placeKeys(host, keys);
    if (sent.length !== expected) throw new Error(`${sent.length} keys were sent instead of ${expected}`);
    if (unsettled) await settleKeys(host, keys);
  } finally {
    await host.close();
  }
}

function tarOverSsh(machine: LabContainer, files: string, directory: string): Promise<void> {
  const known = join(directory, `${machine.id}.known`);
  const identity = join(directory, `${machine.id}.key`);
  writeFileSync(known, `${machine.address} ${machine.hostKey}\n`);
  writeFileSync(identity, machine.identity, { mode: 0o600 });
  const script = `tar -c -C "$1" . | ssh -i "$2" -o IdentitiesOnly=yes -o UserKnownHostsFile="$3" root@"$4" 'mkdir -p /run/tar && tar -x -C /run/tar'`;
  const child = spawn(
    "bash",
    ["-o", "pipefail", "-c", script, "bash", files, identity, known, machine.address],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`tar | ssh tar exited with ${code}`)),
    );
  });
}
