import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Host, type SshTarget } from "@firn/host";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyPair } from "./key-pair.js";
import { machine, type TestMachine } from "./machine.js";
import { CUT_SESSIONS } from "./open-sessions.js";

let box: TestMachine;
let other: TestMachine;
let host: Host;

beforeAll(async () => {
  [box, other] = await Promise.all([machine("h1"), machine("h2")]);
  host = await connect(box.target, { waitMs: 20_000 });
});

afterAll(async () => {
  await host.close();
  await Promise.all([box.remove(), other.remove()]);
});

const logins = (on: TestMachine) => on.sshAccepted();
const failure = (target: SshTarget) =>
  connect(target, { connectTimeoutMs: 2000 }).then(
    () => expect.fail("it connected"),
    (error: Error) => error,
  );
/** Private directories of connections that a process opened. */
const directoriesOf = (pid: number | undefined) =>
  readdirSync("/dev/shm").filter((name) => name.startsWith(`firn-ssh-${pid}-`));

test("every argument arrives through ssh byte for byte", async () => {
  const argument = fc.string({ unit: "binary", maxLength: 20 }).filter((text) => !text.includes("\0"));
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { maxLength: 4 }), async (argv) => {
      const { stdout } = await host.run(["printf", "%s\\0", "first", ...argv]);
      expect(stdout.split("\0").slice(1, -1)).toEqual(argv);
    }),
    { numRuns: 40 },
  );
});

test("input, output, exit codes and time limits", async () => {
  const big = Buffer.alloc(3_000_000, "firn\n");
  const { stdout } = await host.run(["sha256sum"], { input: big });
  expect(stdout).toMatch(/^[0-9a-f]{64} /);
  expect(await host.run(["sh", "-c", "echo out; echo err >&2; exit 255"], { check: false })).toEqual({
    stdout: "out\n",
    stderr: "err\n",
    exitCode: 255,
  });
  await expect(host.run(["sh", "-c", "echo why >&2; exit 7"])).rejects.toThrow(
    "exited with 7 on h1:\n    why",
  );
  await expect(host.run(["sleep", "30"], { timeoutMs: 300 })).rejects.toThrow("took longer than 0.3 s");
});

test("many commands share one connection", async () => {
  const before = logins(box);
  const shared = await connect(box.target);
  await Promise.all(Array.from({ length: 8 }, () => shared.run(["sleep", "0.3"])));
  expect(logins(box)).toBe(before + 1);
  await shared.close();
});

test("keys lie in files of this user only, and not longer than needed; the user's known_hosts is left alone", async () => {
  const listing = () => {
    try {
      return readdirSync(`${homedir()}/.ssh`).map((name) => [
        name,
        statSync(`${homedir()}/.ssh/${name}`).mtimeMs,
      ]);
    } catch {
      return "none";
    }
  };
  const before = listing();
  const shared = await connect(box.target);
  const directories = directoriesOf(process.pid);
  expect(directories.length).toBe(2);
  for (const name of directories) {
    expect(statSync(`/dev/shm/${name}`).mode & 0o777).toBe(0o700);
    expect(readdirSync(`/dev/shm/${name}`).sort()).toEqual(["known_hosts", "s"]);
  }
  await shared.close();
  expect(directoriesOf(process.pid).length).toBe(1);
  expect(listing()).toEqual(before);
});

test("another host key is refused with both fingerprints", async () => {
  const wrong = keyPair();
  const error = await failure({ ...box.target, hostKey: wrong.publicKey });
  expect(error.name).toBe("HostKeyMismatchError");
  expect(error.message).toContain(`expected: ${wrong.fingerprint}`);
  const real = await box.inside("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2");
  expect(error.message).toContain(`offered:  ${real.trim()}`);
  expect(error.message).toContain(box.target.address);
});

test("a host without a key of the pinned kind is refused", async () => {
  const error = await failure({ ...box.target, hostKey: keyPair("ecdsa").publicKey });
  expect(error.name).toBe("HostKeyMismatchError");
  expect(error.message).toContain("only keys of the kinds ssh-ed25519");
});

test("a refused key, a closed port and a silent machine are told apart", async () => {
  expect((await failure({ ...box.target, identity: keyPair().privateKey })).name).toBe("AuthenticationError");
  const closed = await failure({ ...box.target, port: 4 });
  expect(closed.name).toBe("UnreachableError");
  expect(closed.message).toContain("Connection refused");
  await other.linkDown();
  try {
    const silent = await failure(other.target);
    expect(silent.name).toBe("UnreachableError");
    expect(silent.message).toMatch(/timed out|No route to host/);
  } finally {
    await other.linkUp();
  }
  expect(directoriesOf(process.pid).length).toBe(1);
});

test("a machine that boots is waited for, and waiting can be cancelled", async () => {
  await other.inside("systemctl stop sshd");
  const cancelled = connect(other.target, { waitMs: 60_000, signal: AbortSignal.timeout(500) });
  await expect(cancelled).rejects.toMatchObject({ machine: "h2" });
  const waiting = connect(other.target, { waitMs: 20_000 });
  await sleep(1500);
  await other.inside("systemctl start sshd");
  const late = await waiting;
  expect((await late.run(["echo", "here"])).stdout).toBe("here\n");
  await late.close();
});

test("a lost connection is said to be lost, and no command makes a new one behind our back", async () => {
  const doomed = await connect(other.target);
  const running = doomed.run(["sleep", "30"]).catch((e) => e);
  await sleep(300);
  await other.inside(CUT_SESSIONS);
  expect(await running).toMatchObject({ name: "UnreachableError", machine: "h2" });
  const before = logins(other);
  await expect(doomed.run(["true"])).rejects.toMatchObject({ name: "UnreachableError" });
  expect(logins(other)).toBe(before);
  await doomed.close();
});

test("closing does not wait for a machine that is silent", async () => {
  const silent = await connect(other.target);
  silent.run(["sha256sum"], { input: Buffer.alloc(50_000_000) }).catch(() => {});
  await sleep(100);
  await other.linkDown();
  try {
    await sleep(300);
    const before = Date.now();
    await silent.close();
    expect(Date.now() - before).toBeLessThan(3000);
  } finally {
    await other.linkUp();
  }
});

test("a machine behind a jump host, both pinned", async () => {
  const { name: _, ...via } = other.target;
  const before = [logins(box), logins(other)];
  const behind = await connect({ ...box.target, via });
  const { stdout } = await behind.run(["sh", "-c", "echo $SSH_CONNECTION"]);
  expect(stdout.split(" ")[0]).toBe(other.target.address);
  await behind.close();
  expect([logins(box), logins(other)]).toEqual(before.map((count) => count + 1));
  const wrong = keyPair();
  const error = await failure({ ...box.target, via: { ...via, hostKey: wrong.publicKey } });
  expect(error.name).toBe("HostKeyMismatchError");
  expect(error.message).toContain(`its jump host at ${via.address}`);
});

test("a killed deployer leaves neither connection nor files", async () => {
  const code = `import { connect } from "@firn/host";
    await connect(JSON.parse(process.env.TARGET)); console.log("connected"); setInterval(() => {}, 1000);`;
  const deployer = (target: SshTarget) =>
    spawn(process.execPath, ["--input-type=module", "--eval", code], {
      env: { ...process.env, TARGET: JSON.stringify(target) },
      cwd: new URL(".", import.meta.url).pathname,
      stdio: ["ignore", "pipe", "inherit"],
    });
  const connected = (child: ReturnType<typeof deployer>) =>
    new Promise((resolve) => child.stdout?.once("data", resolve));
  const sessions = () => other.inside("pgrep -f '^sshd-session: root|^sshd: root' | wc -l").then(Number);
  const first = deployer(other.target);
  await connected(first);
  expect(await sessions()).toBeGreaterThan(0);
  first.kill("SIGKILL");
  for (let tries = 0; tries < 50 && (await sessions()) > 0; tries++) await sleep(100);
  expect(await sessions()).toBe(0);
  const second = deployer(other.target);
  await connected(second);
  expect(directoriesOf(first.pid)).toEqual([]);
  second.kill("SIGTERM");
});
