import { connect, copyClosure, type Host } from "@firn/host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { eventually } from "../lab/probe.js";
import { build } from "./evaluate.js";

/** One machine goes from system to system; each test goes on from the one before. */
let machine: LabContainer;
let host: Host;

/** The units of version `v`: each says in its name what becomes of it when `v` changes. */
const units = (v: number) => `({ lib, ... }: let
  unit = attrs: lib.recursiveUpdate { wantedBy = [ "multi-user.target" ]; script = "exec sleep infinity"; environment.V = "${v}"; } attrs;
  constant = { environment.V = "0"; };
in {
  networking.hostName = "switching";
  systemd.services = {
    restarted = unit { };
    untouched = unit constant;
    skipped = unit { restartIfChanged = false; };
    inplace = unit { stopIfChanged = false; };
    reloaded = unit { reloadIfChanged = true; reload = "echo ${v} > /run/reloaded"; };
    triggered = unit (constant // { restartTriggers = [ "${v}" ]; });
    signalled = unit (constant // { reload = "echo signalled > /run/signalled"; reloadTriggers = [ "${v}" ]; });
    described = unit (constant // { description = "version ${v}"; });
    ticking.script = "true";
    ${v === 1 ? "removed = unit { };" : "added = unit { };"}
    ${v === 3 ? 'failing = { wantedBy = [ "multi-user.target" ]; script = "exit 3"; };' : ""}
  };
  systemd.timers.ticking = { wantedBy = [ "timers.target" ]; timerConfig.OnCalendar = "daily"; };
  environment.etc = { "probe/same".text = "${v}"; "probe/only-${v}".text = ""; } // lib.optionalAttrs (${v} < 3) { copied = { text = "x"; mode = "0640"; }; };
  users.users = { alice = { isNormalUser = true; extraGroups = [ "wheel" ]; }; } // lib.optionalAttrs (${v} == 1) { bob = { isSystemUser = true; group = "users"; }; };
  services.openssh.settings.X11Forwarding = ${v > 1};
  services.openssh.enable = true;
})`;

beforeAll(async () => {
  machine = await startContainer("switching");
  const { address, hostKey, identity } = machine;
  host = await connect({ name: "switching", address, hostKey, identity, user: "root" });
});
afterAll(async () => {
  await host?.close();
  await machine?.remove();
});

async function inside(script: string): Promise<string> {
  return (await machine.exec(["sh", "-c", script])).trim();
}

/** Copies a system and runs its switch-to-configuration; returns exit code and output. */
async function switchTo(action: string, system: string): Promise<{ code: number; said: string }> {
  await copyClosure(host, [system]);
  const output = await inside(`${system}/bin/switch-to-configuration ${action} 2>&1; echo "code=$?"`);
  const [, said, code] = /^([\s\S]*)code=(\d+)$/.exec(output) ?? [];
  return { code: Number(code), said: said ?? "" };
}

async function pids(): Promise<Record<string, string>> {
  const names = [
    "restarted",
    "untouched",
    "skipped",
    "inplace",
    "reloaded",
    "triggered",
    "signalled",
    "described",
  ];
  const listed = await inside(`for u in ${names.join(" ")}; do systemctl show --value -p MainPID $u; done`);
  return Object.fromEntries(
    listed
      .split("\n")
      .filter(Boolean)
      .map((pid, index) => [names[index], pid]),
  );
}

test("the first system starts its units, makes its files and accounts, and is the next boot's", async () => {
  const system = await build(units(1));
  const { code, said } = await switchTo("switch", system);
  expect(code, said).toBe(0);
  expect(said).toContain("activating the configuration...\nsetting up /etc...\n");
  expect(said).toMatch(/restarting the following units: sshd\.service\n/);
  expect(said).toMatch(/the following new units were started: .*restarted\.service.*ticking\.timer/);
  expect(
    await inside("cat /etc/probe/same; echo; stat -c %a /etc/copied; id -nG alice; id -u bob > /dev/null"),
  ).toBe("1\n640\nusers wheel");
  expect(await inside("readlink /run/current-system; tail -n 1 /sbin/init; hostname")).toBe(
    `${system}\nexec ${system}/init "$@"\nswitching`,
  );
});

test("a dry run says what would be done, and does nothing", async () => {
  const before = await pids();
  const { code, said } = await switchTo("dry-activate", await build(units(2)));
  expect(code).toBe(0);
  expect(said).toBe(`would stop the following units: removed.service, restarted.service, triggered.service
would NOT stop the following changed units: skipped.service
would activate the configuration...
would reload the following units: reloaded.service, signalled.service
would restart the following units: inplace.service, sshd.service
would start the following units: restarted.service, triggered.service
`);
  expect(await pids()).toEqual(before);
});

test("exactly the units that changed are stopped, started, restarted and reloaded", async () => {
  const before = await pids();
  const { code, said } = await switchTo("test", await build(units(2)));
  expect(code, said).toBe(0);
  expect(said).toContain(
    "stopping the following units: removed.service, restarted.service, triggered.service\n",
  );
  expect(said).toContain("NOT restarting the following changed units: skipped.service\n");
  expect(said).toContain("reloading the following units: reloaded.service, signalled.service\n");
  expect(said).toContain("\nrestarting the following units: inplace.service, sshd.service\n");
  expect(said).toContain("\nstarting the following units: restarted.service, triggered.service\n");
  expect(said).toContain("the following new units were started: added.service\n");
  const after = await pids();
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(changed.sort()).toEqual(["inplace", "restarted", "triggered"]);
  expect(await inside("cat /run/reloaded /run/signalled; ls /etc/probe; id -u bob || true")).toBe(
    "2\nsignalled\nonly-2\nsame",
  );
});

test("a unit that fails is named, with exit code 4", async () => {
  const { code, said } = await switchTo("test", await build(units(3)));
  expect(code).toBe(4);
  expect(said).toContain("warning: the following units failed: failing.service\n");
  expect(said).toContain("removing obsolete file ‘/etc/copied’...\n");
});

test("a piece of the activation that fails is named, with exit code 2, and the others are done", async () => {
  const { code, said } = await switchTo(
    "test",
    await build(
      units(2),
      `{ system.activationScripts.broken = "exit 7"; environment.etc.probe4.text = ""; }`,
    ),
  );
  expect(code).toBe(2);
  expect(said).toContain("Activation script snippet 'broken' failed (7)\n");
  await inside("test -e /etc/probe4");
});

test("two at once do not get in each other's way", async () => {
  const said = await inside(
    "flock /run/nixos/switch-to-configuration.lock /run/current-system/bin/switch-to-configuration test 2>&1 || echo code=$?",
  );
  expect(said).toBe("Could not acquire lock\ncode=1");
});

test("after a reboot the system of the boot entry runs, with its units", async () => {
  const boot = machine.bootId();
  await machine.exec(["systemctl", "reboot"]).catch(() => "");
  await eventually(async () => expect(machine.bootId()).not.toBe(boot));
  await eventually(async () =>
    expect(await inside("systemctl is-active restarted removed untouched ticking.timer sshd")).toBe(
      "active\nactive\nactive\nactive\nactive",
    ),
  );
  expect(await inside("readlink /run/booted-system; cat /etc/probe/same")).toBe(
    `${await build(units(1))}\n1`,
  );
});
