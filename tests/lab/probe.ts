import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cgroupPath, processesIn } from "../../packages/container/src/cgroup.js";
import type { ContainerInputs } from "../../packages/container/src/inputs.js";
import { placesOf } from "../../packages/container/src/record.js";
import { siteOf } from "../../packages/container/src/site.js";
import type { LabContainer } from "./lab.js";

const run = promisify(execFile);

/** Runs a shell line on a machine over ssh with its pinned host key, as a stranger on this computer would. */
export async function ssh(
  host: Pick<LabContainer, "address" | "hostKey" | "identity">,
  line: string,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "firn-ssh-"));
  try {
    const [identity, known] = [join(directory, "identity"), join(directory, "known_hosts")];
    await writeFile(identity, host.identity, { mode: 0o600 });
    await writeFile(known, `${host.address} ${host.hostKey}\n`);
    const options = [
      "-n",
      "-F",
      "/dev/null",
      "-i",
      identity,
      "-o",
      "IdentitiesOnly=yes",
      "-o",
      "BatchMode=yes",
    ];
    const pinned = [
      "-o",
      `UserKnownHostsFile=${known}`,
      "-o",
      "StrictHostKeyChecking=yes",
      "-o",
      "ConnectTimeout=3",
    ];
    return (await run("ssh", [...options, ...pinned, `root@${host.address}`, line])).stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Tries something until it does not throw, for twenty seconds. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const start = performance.now();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() - start > 20_000) throw error;
    }
    await sleep(100);
  }
}

/** The text at an address, without white space around it: waits for an answer that is no error, as {@link eventually} does. */
export function pageAt(url: string): Promise<string> {
  return eventually(async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const text = (await response.text()).trim();
    if (!response.ok) throw new Error(`${url}: HTTP ${response.status} ${text}`);
    return text;
  });
}

/** The inputs that a lab machine's resource would have. */
export function inputsFor(host: LabContainer): ContainerInputs {
  const { upper, recordFile } = placesOf(siteOf(), host.id);
  const { hostname } = JSON.parse(readFileSync(recordFile, "utf8"));
  return {
    project: "lab",
    stack: "lab",
    network: "lab",
    name: hostname,
    hostPublicKey: host.hostKey,
    hostPrivateKey: readFileSync(join(upper, "etc/ssh/ssh_host_ed25519_key"), "utf8"),
    deployPublicKey: readFileSync(join(upper, "root/.ssh/authorized_keys"), "utf8").trim(),
  };
}

/** Everything on this computer that still shows that there was a machine, found independently of the code that removes it. */
export async function traces(id: string): Promise<string[]> {
  const places = placesOf(siteOf(), id);
  const files = [
    places.directory,
    `/run/netns/${places.netns}`,
    `/sys/class/net/${places.veth}`,
    cgroupPath(places.cgroup),
  ].filter(existsSync);
  const processes = processesIn(cgroupPath(places.cgroup)).map((pid) => `process ${pid}`);
  const strangers: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const about = ["cmdline", "mountinfo"].map((file) => read(`/proc/${pid}/${file}`)).join("\n");
    if (about.includes(places.directory)) strangers.push(`process or mount of ${pid}`);
  }
  return [...files, ...processes, ...strangers];
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
