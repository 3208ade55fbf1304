import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ActivateArgs,
  activate,
  activationStatus,
  connect,
  copyClosure,
  currentState,
  type Host,
  HostKeyMismatchError,
  UnreachableError,
} from "@firn/host";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Behaviour, fakeSystem } from "./fake-system.js";
import { machine, type TestMachine } from "./machine.js";
import { CUT_SESSIONS } from "./open-sessions.js";

let box: TestMachine;
let host: Host;
let old: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  box = await machine("h1");
});

afterAll(() => box.remove());

/** Every test begins on a machine that runs a system called `old` and has it as its boot default. */
beforeEach(async () => {
  await box.inside(`systemctl stop firn-activate 2>/dev/null
    rm -rf /run/firn /run/current-system /var/lib/firn /boot/default /nix/var/nix/profiles/system*
    mkdir -p /boot; systemctl start sshd`);
  host = await connect(box.target, { waitMs: 20_000 });
  old = await copied("old");
  await switchTo(old);
  await box.inside("rm -f /var/log/activations");
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await box.linkUp();
  await box.inside("systemctl start sshd");
  await host.close();
});

async function copied(name: string, behaviour?: Behaviour): Promise<string> {
  const system = fakeSystem(name, behaviour);
  await copyClosure(host, [system]);
  return system;
}

function switchTo(toplevel: string, args: Partial<ActivateArgs> = {}) {
  return activate(host, {
    toplevel,
    goal: "switch",
    owner: "test@deployer",
    reconnect: () => connect(box.target, { connectTimeoutMs: 2000 }),
    confirmTimeoutS: 8,
    ...args,
  });
}

/** What a machine runs and will boot, asked past its network. */
async function runs() {
  const [current, profile, boot] = (
    await box.inside(
      "readlink -f /run/current-system; readlink -f /nix/var/nix/profiles/system; cat /boot/default",
    )
  ).split("\n");
  return { current, profile, boot };
}
const wholly = (system: string) => ({ current: system, profile: system, boot: system });
const calls = () =>
  box.inside("cat /var/log/activations 2>/dev/null").then((text) => text.trim().split("\n"));

/** A deployer of its own, which can be killed. */
function deployer(toplevel: string): ChildProcess {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", new URL("deployer.ts", import.meta.url).pathname],
    {
      env: { ...process.env, FIRN_DEPLOYER: JSON.stringify({ target: box.target, toplevel }) },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  children.push(child);
  return child;
}

async function phaseIs(phase: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await box.inside("cat /run/firn/last/phase 2>/dev/null || :")).trim() === phase) return;
    await sleep(50);
  }
  throw new Error(`the activation did not come to phase ${phase}`);
}

describe("goals", () => {
  test("switch tests, then makes it the default; again does nothing", async () => {
    const system = await copied("new");
    const lines: string[] = [];
    const result = await switchTo(system, { onProgress: (line) => lines.push(line) });
    expect(result).toEqual({
      status: "activated",
      output: ["test of new", "boot of new"],
      failedUnits: [],
      previous: old,
      running: system,
      bootDefault: system,
      rebootPending: [],
      rebooted: false,
      connected: true,
    });
    expect(lines).toEqual(["test of new", "checking over a fresh connection", "boot of new"]);
    expect(await runs()).toEqual(wholly(system));
    expect(await switchTo(system)).toMatchObject({ status: "unchanged", output: [] });
    expect(await calls()).toEqual(["test new", "boot new"]);
    expect(await activationStatus(host)).toMatchObject({
      phase: "finished",
      outcome: "activated",
      toplevel: system,
    });
    expect(await currentState(host)).toMatchObject({ currentSystem: system, profile: system });
  });

  test("test leaves the boot default alone", async () => {
    const system = await copied("new");
    expect(await switchTo(system, { goal: "test" })).toMatchObject({ status: "activated" });
    expect(await runs()).toEqual({ current: system, profile: old, boot: old });
  });

  test("boot leaves the running system alone and needs no second connection", async () => {
    const system = await copied("new");
    const reconnect = () => Promise.reject(new Error("not needed"));
    expect(await switchTo(system, { goal: "boot", reconnect })).toMatchObject({ status: "activated" });
    expect(await runs()).toEqual({ current: old, profile: system, boot: system });
  });

  test("dry-activate shows and changes nothing; build and copy end before", async () => {
    const system = await copied("new");
    const result = await switchTo(system, { goal: "dry-activate" });
    expect(result).toMatchObject({ status: "shown", output: ["dry-activate of new"] });
    expect(await switchTo(system, { goal: "copy" })).toMatchObject({ status: "skipped" });
    expect(await runs()).toEqual(wholly(old));
  });

  test("a system that was not copied is named", async () => {
    const error = await switchTo("/nix/store/00000000000000000000000000000000-none").catch((e) => e);
    expect(error).toMatchObject({ name: "ActivationError", machine: "h1" });
    expect(error.message).toContain("it was not copied");
  });
});

describe("a system that does not work is taken back", () => {
  test.each([
    ["a failing activation script", "echo broken >&2; exit 1", "test exited with 1", "broken"],
    ["one that takes too long", "sleep 60", "took longer than 2 s", "test of bad"],
    ["sshd stopped", "systemctl stop sshd", "no confirmation came within 4 s", "Connection refused"],
  ])("%s", async (_name, behaviour, reason, shown) => {
    const system = await copied("bad", { test: behaviour });
    const failed = switchTo(system, { activationTimeoutS: 2, confirmTimeoutS: 4 });
    const error = await failed.catch((e) => e);
    expect(error).toMatchObject({
      name: "ActivationError",
      report: { outcome: "rolled-back", previous: old },
    });
    expect(error.message).toContain(`was rolled back and runs ${old} again`);
    expect(error.message).toContain(reason);
    expect(error.message).toContain(shown);
    expect(await runs()).toEqual(wholly(old));
    expect(await calls()).toEqual(["test bad", "test old"]);
  });

  test("failed units roll back, with their last lines, or are reported", async () => {
    const unit = "systemd-run --quiet --unit=sad-$$ -- sh -c 'echo tears; exit 7'; sleep 0.3; exit 4";
    const system = await copied("sad", { test: unit });
    const error = await switchTo(system).catch((e) => e);
    expect(error.message).toMatch(/units failed: sad-\d+\.service/);
    expect(error.message).toContain("    tears");
    expect(await runs()).toEqual(wholly(old));
    const result = await switchTo(system, { failedUnits: "warn" });
    expect(result.status).toBe("activated");
    expect(result.failedUnits).toContainEqual(expect.stringMatching(/^sad-\d+\.service$/));
    expect(await runs()).toEqual(wholly(system));
    await box.inside("systemctl reset-failed");
  });

  test("a failed check rolls back and is the cause", async () => {
    const system = await copied("new");
    const beforeConfirm = async (fresh: Host) => {
      await fresh.run(["sh", "-c", "echo port 80 is silent >&2; exit 1"]);
    };
    const error = await switchTo(system, { beforeConfirm }).catch((e) => e);
    expect(error).toMatchObject({ name: "ActivationError", cause: { name: "CommandError" } });
    expect(error.message).toContain("port 80 is silent");
    expect(await runs()).toEqual(wholly(old));
  });

  test("a wrong host key is told as the cause, not the silence after it", async () => {
    const failures: Error[] = [
      new HostKeyMismatchError("h1 answers with a strange key", "h1", "SHA256:strange"),
    ];
    const reconnect = () => Promise.reject(failures.shift() ?? new UnreachableError("h1 is silent", "h1"));
    const error = await switchTo(await copied("new"), { reconnect, confirmTimeoutS: 4 }).catch((e) => e);
    expect(error.message).toContain("SHA256:strange");
    expect(failures).toEqual([]);
    expect(await runs()).toEqual(wholly(old));
  });

  test("checks may take longer than the confirmation, as long as the deployer lives", async () => {
    const system = await copied("new");
    const result = await switchTo(system, { confirmTimeoutS: 5, beforeConfirm: () => sleep(9000) });
    expect(result.status).toBe("activated");
  });

  test("a boot entry that cannot be made gives profile and boot entry back", async () => {
    const system = await copied("new", { boot: "echo no room >&2; exit 1" });
    const error = await switchTo(system).catch((e) => e);
    expect(error.message).toContain("the boot entry could not be made");
    expect(await runs()).toEqual(wholly(old));
  });

  test("without a system before there is nothing to go back to, and it is said", async () => {
    await box.inside("rm -rf /run/current-system /nix/var/nix/profiles/system* /boot/default");
    const bad = await copied("bad", { test: "exit 1" });
    const error = await switchTo(bad).catch((e) => e);
    expect(error).toMatchObject({ report: { outcome: "not-rolled-back" } });
    expect(error.message).toContain("ran no NixOS system before");
    await box.inside("rm -f /run/current-system");
    expect(await switchTo(await copied("first"))).toMatchObject({ status: "activated", previous: undefined });
  });
});

describe("the machine goes on by itself", () => {
  test("when its ssh sessions are cut while it works", async () => {
    const system = await copied("new", { test: "sleep 2; echo worked on" });
    const running = switchTo(system);
    await phaseIs("testing");
    await box.inside(CUT_SESSIONS);
    expect(await running).toMatchObject({
      status: "activated",
      output: ["test of new", "worked on", "boot of new"],
      connected: false,
    });
    expect(await runs()).toEqual(wholly(system));
  });

  test("when the network is away for a while", async () => {
    const system = await copied("new", { test: "sleep 1" });
    const running = switchTo(system, { confirmTimeoutS: 60 });
    await phaseIs("testing");
    await box.linkDown();
    await sleep(4000);
    await box.linkUp();
    expect(await running).toMatchObject({ status: "activated" });
  });

  test("back to the old system when the network stays away too long, and says so later", async () => {
    const system = await copied("new", { test: "sleep 1" });
    const running = switchTo(system, { confirmTimeoutS: 4 }).catch((e) => e);
    await phaseIs("testing");
    await box.linkDown();
    await phaseIs("finished");
    expect(await runs()).toEqual(wholly(old));
    await box.linkUp();
    expect(await running).toMatchObject({ name: "ActivationError", report: { outcome: "rolled-back" } });
  });

  test("a reboot in the middle ends in the old system, and is told", async () => {
    const system = await copied("new", { test: "sleep 3" });
    const running = switchTo(system).catch((e) => e);
    await phaseIs("testing");
    const bootId = box.bootId();
    await box.inside("systemctl reboot").catch(() => {}); // the shell goes down with it
    const error = await running;
    expect(error).toMatchObject({ name: "ActivationError" });
    expect(error.message).toMatch(/rebooted (meanwhile|during its activation)/);
    for (let tries = 0; tries < 300 && box.bootId() === bootId; tries++) await sleep(100);
    const rebooted = await connect(box.target, { waitMs: 30_000 });
    expect(await currentState(rebooted)).toMatchObject({ profile: old, bootId: box.bootId() });
    expect(await activationStatus(rebooted)).toBeUndefined();
    await rebooted.close();
  });

  test("when its unit is stopped from outside", async () => {
    const system = await copied("new", { test: "sleep 5" });
    const running = switchTo(system).catch((e) => e);
    await phaseIs("testing");
    await box.inside("systemctl stop firn-activate");
    expect((await running).message).toContain("ended from outside");
    expect(await runs()).toEqual(wholly(old));
  });
});

describe("several deployers", () => {
  test("the second one is told who holds the machine", async () => {
    const system = await copied("new", { test: "sleep 3" });
    const first = switchTo(system, { owner: "alice@laptop" });
    await phaseIs("testing");
    const error = await switchTo(await copied("other"), { owner: "bob@desk" }).catch((e) => e);
    expect(error).toMatchObject({
      name: "LockedError",
      owner: "alice@laptop",
      since: expect.stringMatching(/^20.*Z$/),
    });
    expect(error.message).toContain("h1 is held by a deployment of alice@laptop since 20");
    expect(await first).toMatchObject({ status: "activated" });
  });

  test("what a killed one left is finished by the next run of the same", async () => {
    const system = await copied("new", { test: "sleep 1" });
    const child = deployer(system);
    await phaseIs("testing");
    child.kill("SIGKILL");
    const lines: string[] = [];
    expect(await switchTo(system, { onProgress: (line) => lines.push(line) })).toMatchObject({
      status: "activated",
    });
    expect(lines[0]).toContain("going on with the activation that killed@deployer began");
    expect(await runs()).toEqual(wholly(system));
    expect(await calls()).toEqual(["test new", "boot new"]);
  });

  test("what a killed one left makes place for another system", async () => {
    const child = deployer(await copied("left", { test: "sleep 1" }));
    await phaseIs("testing");
    child.kill("SIGKILL");
    const system = await copied("new");
    expect(await switchTo(system, { confirmTimeoutS: 30 })).toMatchObject({
      status: "activated",
      previous: old,
    });
    expect(await calls()).toEqual(["test left", "test old", "test new", "boot new"]);
  });

  test("a killed one that nobody follows leaves the old system", async () => {
    const child = deployer(await copied("left"));
    await phaseIs("waiting");
    child.kill("SIGKILL");
    await phaseIs("finished");
    expect(await runs()).toEqual(wholly(old));
    expect(await activationStatus(host)).toMatchObject({ outcome: "rolled-back", owner: "killed@deployer" });
    const notes: string[] = [];
    await switchTo(await copied("new"), { onNote: (line) => notes.push(line) });
    expect(notes).toEqual([
      expect.stringMatching(
        /^the activation of .*-left that killed@deployer began at 20.*Z ended as rolled-back: no confirmation/,
      ),
    ]);
    await switchTo(await copied("newer"), { onNote: (line) => notes.push(line) });
    expect(notes).toHaveLength(1);
  });
});
