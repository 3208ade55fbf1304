import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { type ActivateArgs, activate, activationStatus, connect, copyClosure, type Host } from "@firn/host";
import { printModule } from "@firn/nix";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { TRIAL_UNIT } from "../../packages/nixos/src/evaluation/trial-unit.js";
import { defaultEntry, installBootLoader } from "../lab/boot-loader.js";
import { build } from "../mini-nixos/evaluate.js";
import { machine, type TestMachine } from "./machine.js";

/** Systems that take effect with a boot; every test begins on a machine that booted `old`. */
let box: TestMachine;
let host: Host;
let old: string;

const LOADERS = {
  "systemd-boot": "systemd-boot.enable = true",
  grub: 'grub = { enable = true; device = "/dev/vda"; }',
} as const;

function system(
  name: string,
  options: { kernel?: "6_12" | "6_18"; loader?: keyof typeof LOADERS | "init"; more?: string } = {},
) {
  const { kernel = "6_12", loader = "systemd-boot", more = "" } = options;
  const loaders =
    loader === "init" ? "" : `loader = { initScript.enable = lib.mkForce false; ${LOADERS[loader]}; };`;
  return build(
    `({ lib, pkgs, ... }: {
      networking = { hostName = "reboot"; useDHCP = false; };
      services.openssh.enable = true;
      environment.etc.version.text = "${name}";
      boot = { kernel.enable = true; initrd.enable = true; kernelPackages = pkgs.linuxPackages_${kernel}; ${loaders} };
      ${more}
    })`,
    printModule(TRIAL_UNIT as never),
  );
}

async function copied(name: string, options?: Parameters<typeof system>[1]): Promise<string> {
  const built = await system(name, options);
  await copyClosure(host, [built]);
  return built;
}

function switchTo(toplevel: string, args: Partial<ActivateArgs> = {}) {
  return activate(host, {
    toplevel,
    goal: "switch",
    owner: "test@deployer",
    reconnect: () => connect(box.target, { connectTimeoutMs: 2000 }),
    confirmTimeoutS: 4,
    rebootTimeoutS: 60,
    ...args,
  });
}

const inside = async (script: string) => (await box.inside(script)).trim();
async function runs() {
  const script =
    "for l in /run/booted-system /run/current-system /nix/var/nix/profiles/system; do readlink -f $l; done";
  const [booted, current, profile] = (await inside(script)).split("\n");
  return { booted, current, profile };
}
const wholly = (toplevel: string) => ({ booted: toplevel, current: toplevel, profile: toplevel });

async function bootsAgain(bootId: string): Promise<void> {
  for (let tries = 0; tries < 400 && box.bootId() === bootId; tries++) await sleep(100);
  if (box.bootId() === bootId) throw new Error("the machine did not boot");
}

/** A deployer of its own, which can be killed. */
function deployer(toplevel: string): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", new URL("deployer.ts", import.meta.url).pathname], {
    env: {
      ...process.env,
      FIRN_DEPLOYER: JSON.stringify({ target: box.target, toplevel, reboot: "when-needed" }),
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

async function reconnected(): Promise<void> {
  await host.close();
  host = await connect(box.target, { waitMs: 60_000 });
}

async function reboot(): Promise<void> {
  const bootId = box.bootId();
  await box.inside("systemctl reboot").catch(() => {}); // the shell goes down with it
  await bootsAgain(bootId);
  await reconnected();
}

/** Starts the machine over with a boot loader, and boots `old` with it. */
async function begin(loader: keyof typeof LOADERS | "init"): Promise<void> {
  box = await machine("reboot");
  // NixOS' sh is bash; the image's is dash.
  if (loader === "init") await box.inside("ln -sf bash /bin/sh");
  else await installBootLoader(box, loader);
  host = await connect(box.target, { waitMs: 20_000 });
  old = await copied("old", { loader });
  await switchTo(old);
  await reboot();
}

async function end(): Promise<void> {
  await host?.close();
  await box?.remove();
}

describe("with a boot loader that starts an entry once", () => {
  beforeAll(() => begin("systemd-boot"));
  afterAll(end);
  afterEach(reconnected);

  test("nothing is rebooted that may not be: the system is the next boot's, and waits for it", async () => {
    const system = await copied("waits", { kernel: "6_18" });
    const result = await switchTo(system);
    expect(result).toMatchObject({ running: old, bootDefault: system, rebooted: false });
    expect(result.rebootPending).toEqual([
      "kernel (linux-6.12.77 → linux-6.18.20)",
      "initrd (initrd-linux-6.12.77 → initrd-linux-6.18.20)",
      "kernel-modules (linux-6.12.77 → linux-6.18.20)",
    ]);
    expect(await runs()).toEqual({ booted: old, current: old, profile: system });
    expect(await switchTo(system)).toMatchObject({
      status: "unchanged",
      rebootPending: result.rebootPending,
    });
    await reboot();
    expect(await switchTo(system)).toMatchObject({ status: "unchanged", running: system, rebootPending: [] });
    // The machine of the other tests runs `old` again.
    await switchTo(old, { reboot: "when-needed" });
    await reconnected();
    expect(await runs()).toEqual(wholly(old));
  });

  test("a reboot that is allowed tries the system, with the old one as the default until it is confirmed", async () => {
    const system = await copied("tried", { kernel: "6_18" });
    const bootId = box.bootId();
    const lines: string[] = [];
    let during: unknown;
    const result = await switchTo(system, {
      reboot: "when-needed",
      onProgress: (line) => lines.push(line),
      afterBoot: async () => void lines.push("after boot"),
      beforeConfirm: async () => {
        during = { ...(await runs()), entry: await defaultEntry(box) };
      },
    });
    expect(during).toEqual({ booted: system, current: system, profile: old, entry: old });
    expect(result).toMatchObject({
      status: "activated",
      rebooted: true,
      running: system,
      bootDefault: system,
      rebootPending: [],
    });
    expect(lines).toEqual(
      expect.arrayContaining(["rebooting", "after boot", "checking over a fresh connection"]),
    );
    expect(box.bootId()).not.toBe(bootId);
    expect(await runs()).toEqual(wholly(system));
    expect(await defaultEntry(box)).toBe(system);
    expect(await inside("ls /var/lib/firn")).toBe("");
  });

  test("a switch inhibitor counts like a kernel; nothing else does", async () => {
    const before = await runs();
    const inhibited = (value: string) =>
      copied(`bus-${value}`, { kernel: "6_18", more: `system.switch.inhibitors.bus = "${value}";` });
    const first = await inhibited("dbus");
    expect(await switchTo(first, { reboot: "when-needed" })).toMatchObject({ rebooted: false });
    expect(await runs()).toEqual({ booted: before.booted, current: first, profile: first });
    const result = await switchTo(await inhibited("broker"));
    expect(result.rebootPending).toEqual(["switch inhibitor bus (dbus → broker)"]);
  });

  test("a machine that goes down before its last words arrive is known by its boot", async () => {
    const whole = host;
    const withoutLastWords: Host["run"] = (argv, options) =>
      whole.run(argv, {
        ...options,
        onLine: (line, from) => line.includes("phase=rebooting") || options?.onLine?.(line, from),
      });
    host = Object.assign(Object.create(whole), { run: withoutLastWords });
    const lines: string[] = [];
    const result = await switchTo(old, {
      reboot: "when-needed",
      onProgress: (line) => lines.push(line),
      afterBoot: async () => void lines.push("after boot"),
    });
    expect(result).toMatchObject({ status: "activated", rebooted: true, running: old });
    expect(lines).toEqual(expect.arrayContaining(["rebooting", "after boot"]));
    expect(await runs()).toEqual(wholly(old));
  });

  test("a health check that fails after the reboot takes the machine back by another one", async () => {
    const system = await copied("sick", { kernel: "6_18" });
    const error = await switchTo(system, {
      reboot: "when-needed",
      beforeConfirm: async (fresh) =>
        void (await fresh.run(["sh", "-c", "echo port 80 is silent >&2; exit 1"])),
    }).catch((e) => e);
    expect(error.message).toMatch(new RegExp(`^reboot goes on with its old system ${old}`));
    expect(error.message).toContain("port 80 is silent");
    expect(await runs()).toEqual(wholly(old));
    expect(await defaultEntry(box)).toBe(old);
    // What did not work is no choice of the boot menu either.
    expect(await inside("readlink -f /nix/var/nix/profiles/system-*-link")).not.toContain(system);
  });

  test("a unit that fails in the boot takes it back too, one that had failed before does not", async () => {
    const failing = (name: string) =>
      `systemd.services.${name} = { wantedBy = [ "multi-user.target" ]; script = "echo tears; exit 1"; };`;
    const bad = await copied("bad", { kernel: "6_18", more: failing("sad") });
    const error = await switchTo(bad, { reboot: "when-needed" }).catch((e) => e);
    expect(error.message).toContain("units failed: sad.service");
    expect(error.message).toContain("    tears");
    await reconnected();
    expect(await runs()).toEqual(wholly(old));
    await box.inside("systemd-run --quiet --unit=sad -- false; sleep 0.3");
    const result = await switchTo(bad, { reboot: "when-needed" });
    expect(result).toMatchObject({ status: "activated", failedUnits: ["sad.service"] });
    await reconnected();
    await switchTo(old, { reboot: "when-needed" });
  });

  test("old generations go with their boot entries, but never what was booted, runs, or ran before", async () => {
    const running = await copied("running", { kernel: "6_12" });
    await switchTo(running);
    const newest = await copied("newest", { kernel: "6_12" });
    await switchTo(newest, { keepGenerations: 1 });
    const kept = (await inside("readlink -f /nix/var/nix/profiles/system-*-link")).split("\n");
    expect(new Set(kept)).toEqual(new Set([old, running, newest]));
    const entries = await inside(
      "ls /boot/loader/entries | wc -l; ls -d /nix/var/nix/profiles/system-*-link | wc -l",
    );
    expect(new Set(entries.split("\n")).size).toBe(1);
    expect(await defaultEntry(box)).toBe(newest);
    await switchTo(old);
  });

  test("a system that ends its boot by another one is left for the old one, and that is said", async () => {
    const more = `boot.systemdExecutable = "${"$"}{pkgs.busybox}/bin/reboot -f";`;
    const system = await copied("panics", { kernel: "6_18", more });
    const error = await switchTo(system, { reboot: "when-needed" }).catch((e) => e);
    expect(error.message).toContain(`the machine came up with ${old} instead`);
    await reconnected();
    expect(await runs()).toEqual(wholly(old));
  });

  test("for a machine that does not come back, it is said what to do, and that helps", async () => {
    const system = await copied("hangs", {
      kernel: "6_18",
      more: `boot.systemdExecutable = "/bin/sleep 600";`,
    });
    const error = await switchTo(system, { reboot: "when-needed", rebootTimeoutS: 6 }).catch((e) => e);
    expect(error.message).toContain(`did not answer for 6 s after its reboot into ${system}`);
    expect(error.message).toContain("start the new system once only");
    await box.kill();
    await box.start();
    await reconnected();
    expect(await runs()).toEqual(wholly(old));
    expect(await switchTo(old)).toMatchObject({ status: "unchanged" });
    expect(await inside("ls /var/lib/firn")).toBe("");
  });
});

describe("with a boot loader that knows defaults only", () => {
  beforeAll(() => begin("init"));
  afterAll(end);
  afterEach(reconnected);

  test("a system without a network takes itself back", async () => {
    const more = `systemd.services.cut = { wantedBy = [ "multi-user.target" ]; script = "ip link set eth0 down; exec sleep infinity"; };`;
    const system = await copied("cut", { kernel: "6_18", loader: "init", more });
    const error = await switchTo(system, { reboot: "when-needed" }).catch((e) => e);
    expect(error.message).toContain("no confirmation came within 12 s");
    await reconnected();
    expect(await runs()).toEqual(wholly(old));
    expect(await inside("grep -o '/nix/store/[^/]*nixos-system[^/]*' /sbin/init")).toBe(old);
  });

  test("a killed deployer's system takes itself back, and that can be asked for afterwards", async () => {
    const system = await copied("left", { kernel: "6_18", loader: "init" });
    const bootId = box.bootId();
    const child = deployer(system);
    await bootsAgain(bootId);
    child.kill("SIGKILL");
    const tried = box.bootId();
    await bootsAgain(tried);
    await reconnected();
    expect(await runs()).toEqual(wholly(old));
    expect(await activationStatus(host)).toMatchObject({
      outcome: "rolled-back",
      toplevel: system,
      owner: "killed@deployer",
      reason: "no confirmation came within 15 s",
    });
  });

  test("or is finished by the next run of the same", async () => {
    const system = await copied("left", { kernel: "6_18", loader: "init" });
    const bootId = box.bootId();
    const child = deployer(system);
    await bootsAgain(bootId);
    child.kill("SIGKILL");
    await reconnected();
    const lines: string[] = [];
    await switchTo(system, { reboot: "when-needed", onProgress: (line) => lines.push(line) });
    expect(lines.join("\n")).toContain("going on with the activation that killed@deployer began");
    expect(await runs()).toEqual(wholly(system));
  });
});

test("GRUB starts its entry once, too", async () => {
  await begin("grub");
  const system = await copied("tried", { kernel: "6_18", loader: "grub" });
  let during: unknown;
  const beforeConfirm = async () => {
    during = await runs();
  };
  await switchTo(system, { reboot: "when-needed", beforeConfirm });
  expect(during).toEqual({ booted: system, current: system, profile: old });
  expect(await runs()).toEqual(wholly(system));
  expect(await inside("grep -m1 -o 'init=[^ ]*' /boot/grub/grub.cfg")).toBe(`init=${system}/init`);
  await end();
});
