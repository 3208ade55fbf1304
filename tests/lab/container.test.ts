import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findLeftovers } from "../../packages/container/src/clean.js";
import { container } from "../../packages/container/src/container.provider.js";
import { type LabContainer, startContainer } from "./lab.js";
import { raiseInotifyLimit } from "./limits.mjs";
import { eventually, inputsFor, ssh, traces } from "./probe.js";

const run = promisify(execFile);
const [CAP_SYS_MODULE, CAP_SYS_RAWIO, CAP_SYS_TIME] = [16n, 17n, 25n];
let state: string;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "firn-lab-"));
  process.env.FIRN_CONTAINER_STATE = state;
});
afterAll(async () => {
  for (const leftover of await findLeftovers()) await leftover.remove();
  await rm(state, { recursive: true, force: true });
});

const left = async () => (await findLeftovers()).map(({ what }) => what);

test("two machines live beside each other, each with its own identity, and leave nothing", async () => {
  const [a, b] = await Promise.all([startContainer("a"), startContainer("b")]);
  const facts = async (host: LabContainer) =>
    (
      await ssh(
        host,
        "hostname; cat /etc/machine-id /proc/sys/kernel/random/boot_id; cat /proc/1/comm; ps -e -o pid= | wc -l",
      )
    ).split("\n");
  const [ofA, ofB] = [await facts(a), await facts(b)];
  expect(ofA[0]).toBe("a");
  expect(ofB[0]).toBe("b");
  for (const line of [1, 2]) expect(ofA[line]).not.toBe(ofB[line]);
  expect(ofA[3]).toBe("systemd");
  expect(Number(ofA[4])).toBeLessThan(20);
  expect(a.bootId()).toBe(ofA[2]);

  expect((await a.exec(["systemctl", "is-system-running", "--wait"])).trim()).toBe("running");
  expect((await a.exec(["stat", "-c", "%a %U", "/etc/ssh/ssh_host_ed25519_key"])).trim()).toBe("600 root");
  expect(await a.exec(["nix", "path-info", "--all"])).toBe("");
  await a.exec(["bash", "-c", `: < /dev/tcp/${b.address}/22`]);

  const before = await traces(a.id);
  expect(before.length).toBeGreaterThan(0);
  await Promise.all([a.remove(), b.remove()]);
  expect([...(await traces(a.id)), ...(await traces(b.id))]).toEqual([]);
  expect(await left()).toEqual([]);
  await expect(readdir(state)).rejects.toThrow("ENOENT");
});

test("only the deployment key opens root's account, and connections are counted", async () => {
  const [a, b] = await Promise.all([startContainer("a"), startContainer("b")]);
  expect(a.sshAccepted()).toBe(0);
  await ssh(a, "true");
  await ssh(a, "true");
  await expect(ssh({ ...a, identity: b.identity }, "true")).rejects.toThrow("Permission denied");
  await expect(ssh({ ...a, hostKey: b.hostKey }, "true")).rejects.toThrow("Host key verification failed");
  expect(a.sshAccepted()).toBe(2);
  expect(b.sshAccepted()).toBe(0);
  await Promise.all([a.remove(), b.remove()]);
});

test("nothing of this computer can be set from inside", async () => {
  const host = await startContainer("harmless");
  // Written back as they are, so that a failure of this test changes nothing either.
  for (const file of ["/proc/sys/vm/swappiness", "/sys/kernel/mm/transparent_hugepage/khugepaged/defrag"])
    await expect(host.exec(["sh", "-c", `v=$(cat ${file}); echo "$v" > ${file}`])).rejects.toThrow(
      "Read-only",
    );
  await host.exec(["sh", "-c", "f=/proc/sys/net/ipv4/ip_forward; v=$(cat $f); echo $v > $f"]);
  const rights = async (status: Promise<string>) => BigInt(`0x${/CapBnd:\s+(\w+)/.exec(await status)?.[1]}`);
  for (const bounding of [
    await rights(ssh(host, "cat /proc/self/status")),
    await rights(host.exec(["cat", "/proc/self/status"])),
  ])
    for (const capability of [CAP_SYS_MODULE, CAP_SYS_RAWIO, CAP_SYS_TIME])
      expect((bounding >> capability) & 1n).toBe(0n);
  await host.remove();
});

test("a reboot from inside boots again: other boot id, same address, disk and keys", async () => {
  const host = await startContainer("phoenix");
  await ssh(host, "echo kept > /var/kept; ip address flush dev eth0 label none || true");
  const before = host.bootId();
  await ssh(host, "systemctl reboot").catch(() => {});
  await eventually(async () => {
    expect((await ssh(host, "cat /proc/sys/kernel/random/boot_id")).trim()).not.toBe(before);
  });
  expect(await ssh(host, "cat /var/kept")).toBe("kept\n");
  expect((await container.read(host.id, inputsFor(host))).props).toMatchObject({
    running: true,
    address: host.address,
  });
  await host.remove();
});

test("a reboot starts what the machine installed as /sbin/init", async () => {
  const host = await startContainer("switched");
  await host.exec([
    "sh",
    "-c",
    "printf '#!/bin/sh\\necho second > /run/generation\\nexec /usr/lib/systemd/systemd\\n' > /init2",
  ]);
  await host
    .exec(["sh", "-c", "chmod +x /init2 && ln -sfn /init2 /sbin/init && systemctl reboot"])
    .catch(() => {});
  await eventually(async () => expect(await ssh(host, "cat /run/generation")).toBe("second\n"));
  await host.remove();
});

test("a power-off is seen by read, and update starts the machine again as it was", async () => {
  const host = await startContainer("sleeper");
  const inputs = inputsFor(host);
  await ssh(host, "echo kept > /var/kept");
  await ssh(host, "systemctl poweroff").catch(() => {});
  await eventually(async () => expect((await container.read(host.id, inputs)).props?.running).toBe(false));

  const olds = (await container.read(host.id, inputs)).props;
  expect(await container.diff(host.id, olds, inputs)).toMatchObject({ changes: true, replaces: [] });
  const { outs } = await container.update(host.id, olds, inputs);
  expect(outs).toMatchObject({ running: true, address: host.address });
  expect(await container.diff(host.id, outs, inputs)).toMatchObject({ changes: false });
  expect(await ssh(host, "cat /var/kept")).toBe("kept\n");

  await host.remove();
  await host.remove();
  expect((await container.read(host.id, inputs)).id).toBeUndefined();
});

test("another deployment key is let in without a restart", async () => {
  const [host, other] = await Promise.all([startContainer("host"), startContainer("other")]);
  const { deployPublicKey } = inputsFor(other);
  const olds = (await container.read(host.id, inputsFor(host))).props;
  const news = { ...inputsFor(host), deployPublicKey };
  expect(await container.diff(host.id, olds, news)).toMatchObject({ changes: true, replaces: [] });
  const bootId = host.bootId();
  await container.update(host.id, olds, news);
  await ssh({ ...host, identity: other.identity }, "true");
  expect(host.bootId()).toBe(bootId);
  await Promise.all([host.remove(), other.remove()]);
});

test("the cable can be pulled and the disk filled", async () => {
  const host = await startContainer("patient");
  await host.linkDown();
  await expect(ssh(host, "true")).rejects.toThrow(/timed out|No route/);
  await host.linkUp();
  await eventually(() => ssh(host, "true"));

  const free = await host.fillDisk(1_000_000);
  await host.exec(["sh", "-c", "echo small > /nix/store/small"]);
  await expect(host.exec(["sh", "-c", "head -c 2000000 /dev/zero > /nix/store/big"])).rejects.toThrow(
    "No space left",
  );
  await host.exec(["rm", "/nix/store/big"]);
  await free();
  expect(await host.exec(["cat", "/nix/store/small"])).toBe("small\n");
  await host.exec(["sh", "-c", "head -c 2000000 /dev/zero > /nix/store/big"]);
  await host.remove();
});

test("a machine that does not come up says why and leaves nothing", async () => {
  const image = join(state, "..", `firn-broken-${process.pid}`);
  await run("mkdir", ["-p", join(image, "sbin"), join(image, "bin")]);
  await writeFile(join(image, "sbin/init"), "");
  const inputs = { ...(await anyInputs()), image };
  await expect(container.create(inputs)).rejects.toThrow(
    /machine broken ended while it was starting[\s\S]*last words[\s\S]*exec: \/sbin\/init: Permission denied/,
  );
  await expect(container.create({ ...inputs, image: "/nonexistent" })).rejects.toThrow(
    "/nonexistent has no /sbin/init",
  );
  await rm(image, { recursive: true });
  expect(await left()).toEqual([]);
});

test("lab-clean removes what crashes left: killed supervisors, deleted directories, half a machine", async () => {
  const hosts = await Promise.all(["orphan", "lost", "half"].map((name) => startContainer(name)));
  const [orphan, lost, half] = hosts as [LabContainer, LabContainer, LabContainer];
  const supervisors = await run("pgrep", ["-f", `supervise ${join(state, orphan.id)} `]);
  for (const pid of supervisors.stdout.trim().split("\n")) process.kill(Number(pid), "SIGKILL");
  await ssh(orphan, "true");
  await run("rm", ["-rf", join(state, lost.id, "container.json"), join(state, lost.id, "disk")]);
  await half.kill();

  const clean = (...args: string[]) =>
    run(process.execPath, [join(import.meta.dirname, "../../tools/lab-clean.mjs"), ...args]);
  await expect(clean("--check")).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining(orphan.id),
  });
  const first = await clean();
  expect(first.stdout).toContain(`removed: half a machine ${lost.id}`);
  for (const { id } of [orphan, half])
    expect(first.stdout).toContain(`kept (--machines removes it): machine ${id}`);
  await ssh(orphan, "true");
  await clean("--machines");
  for (const { id } of hosts) expect(await traces(id)).toEqual([]);
  await clean("--check");

  const again = await startContainer("again");
  await run("rm", ["-rf", state]);
  expect((await clean()).stdout).toMatch(/removed: cgroup .*\n(.*\n)*removed: state directory/);
  expect(await traces(again.id)).toEqual([]);
  expect((await clean()).stdout).toContain("Nothing of Firn's machines");
});

test("a machine of a state directory that lost its network file is reached beside the older ones", async () => {
  const older = await startContainer("older");
  await rm(join(state, "network.json"));
  const newer = await startContainer("newer");
  expect(newer.address.split(".")[2]).not.toBe(older.address.split(".")[2]);
  expect(await Promise.all([ssh(older, "hostname"), ssh(newer, "hostname")])).toEqual(["older\n", "newer\n"]);
  await Promise.all([older.remove(), newer.remove()]);
});

test("a subnet that another took while this computer was off is left to it", async () => {
  const other = await mkdtemp(join(tmpdir(), "firn-lab-"));
  process.env.FIRN_CONTAINER_STATE = other;
  const taking = await startContainer("taking");
  process.env.FIRN_CONTAINER_STATE = state;
  await mkdir(state, { recursive: true });
  await writeFile(join(state, "network.json"), await readFile(join(other, "network.json")));
  const giving = await startContainer("giving");
  expect(giving.address.split(".")[2]).not.toBe(taking.address.split(".")[2]);
  await giving.remove();
  process.env.FIRN_CONTAINER_STATE = other;
  await taking.remove();
  process.env.FIRN_CONTAINER_STATE = state;
});

test("50 machines start, from two processes, with 50 addresses", async () => {
  const putBack = raiseInotifyLimit(50);
  try {
    const start = performance.now();
    const elsewhere = run("npx", ["tsx", join(import.meta.dirname, "start-many.ts"), "10"]);
    const here = Array.from({ length: 40 }, (_, index) => startContainer(`many-${index}`));
    const [{ stdout }, ...mine] = await Promise.all([elsewhere, ...here]);
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`50 machines started in ${seconds.toFixed(1)} s\n`);
    const hosts: Pick<LabContainer, "address" | "hostKey" | "identity">[] = [...mine, ...JSON.parse(stdout)];
    expect(new Set(hosts.map(({ address }) => address)).size).toBe(50);
    for (const host of hosts) expect(await ssh(host, "systemctl is-system-running --wait")).toBe("running\n");
    expect(seconds).toBeLessThan(60);
    for (const leftover of await findLeftovers()) await leftover.remove();
    expect(await left()).toEqual([]);
  } finally {
    putBack();
  }
});

async function anyInputs() {
  const pattern = await startContainer("pattern");
  const inputs = inputsFor(pattern);
  await pattern.remove();
  return { ...inputs, name: "broken" };
}
