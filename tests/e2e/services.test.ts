import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { Project } from "./project.js";

const project = new Project("services");
let host: LabContainer;
let theirs: string;

const inside = async (script: string) => (await host.exec(["sh", "-c", script])).trim();

/** What must stay as the distribution made it. */
const distribution = () =>
  inside(`sha256sum /etc/os-release /etc/debian_version /etc/hosts /etc/hostname /etc/passwd /etc/ssh/ssh_host_ed25519_key
readlink /sbin/init; ls /etc | grep -v -x -e probe -e secret.conf; systemctl show -p MainPID sshd.service`);

const program = (config: string) => `
const hosts = existing({
  web: {
    address: "${host.address}",
    hostKey: "${host.hostKey}",
    user: "root",
    identity: new pulumi.Config().requireSecret("identity"),
    manage: "services",
  },
});
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: hosts });
net.machine("web", { config: {
    systemd: { services: { steady: { script: "exec sleep 100000", wantedBy: ["multi-user.target"] } } },
    ${config}
} });
`;

const FIRST = `environment: { etc: { probe: { text: "one" }, "secret.conf": { text: "x", mode: "0600" } }, systemPackages: [pkgs.hello] },`;
const greet = (word: string, then = "exec sleep 100000") =>
  `...{ systemd: { services: {
    steady: { script: "exec sleep 100000", wantedBy: ["multi-user.target"] },
    greet: { script: "echo ${word} >/run/greeting; ${then}", wantedBy: ["multi-user.target"] },
  } } },`;

/** What the last activation said. */
const said = () => inside("cat /run/firn/last/output");

beforeAll(async () => {
  host = await startContainer("services");
  theirs = await distribution();
  await project.init();
  await project.setSecret("identity", host.identity);
});
afterAll(async () => {
  await project.dispose();
  await host?.remove();
});

test("a preview says what a host that stays Debian gets; a first deployment that fails leaves nothing behind", async () => {
  project.program(program(FIRST + greet("none", "exit 1")));
  const up = await project.pulumi("up", "--yes");
  expect(up.exitCode).not.toBe(0);
  expect(up.output).toMatch(/it stays Debian GNU\/Linux \S+ \(\S+\), and gets services beside its own/);
  expect(up.output).toContain("units: + firn-services.service, + greet.service, + steady.service\n");
  expect(up.output).toContain("files in /etc: + probe, + profile.d/firn-services.sh, + secret.conf\n");
  expect(up.output).toMatch(/units failed: greet.service/);
  expect(
    await inside("ls /etc/systemd/system; systemctl is-active steady.service; ls /etc/probe 2>&1; true"),
  ).toMatch(/^inactive\n.*No such file/);
  expect(await distribution()).toBe(theirs);
});

test("units, files and packages come, and nothing of Debian changes", async () => {
  project.program(program(FIRST + greet("one")));
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expect(await said()).toContain("the following new units were started: greet.service, steady.service");
  expect(await inside("cat /run/greeting /etc/probe; stat -c %a%F /etc/secret.conf")).toBe(
    "one\none600regular file",
  );
  expect(await inside("sh -lc 'command -v hello'")).toBe("/nix/var/nix/profiles/system/sw/bin/hello");
  expect(await distribution()).toBe(theirs);
});

test("a change restarts what changed, takes away what is gone, and leaves the rest running", async () => {
  const steady = await inside("systemctl show -p MainPID steady.service");
  project.program(program(`environment: { etc: { probe: { text: "two" } } },${greet("two")}`));
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expect(await said()).toContain("restarting the following units: greet.service");
  expect(await inside("cat /run/greeting /etc/probe; ls /etc/secret.conf 2>&1 | grep -c 'No such'")).toBe(
    "two\ntwo1",
  );
  expect(await inside("systemctl show -p MainPID steady.service")).toBe(steady);
});

test("a unit that fails takes the host back to what it ran; a file of Debian's is never replaced", async () => {
  project.program(program(greet("three", "exit 1")));
  const failed = await project.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/units failed: greet.service/);
  expect(await inside("cat /run/greeting /etc/probe; systemctl is-active greet.service steady.service")).toBe(
    "two\ntwoactive\nactive",
  );
  project.program(program(`environment: { etc: { debian_version: { text: "13" } } },${greet("four")}`));
  const refused = await project.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toContain(
    "these files belong to this host's own distribution, and are not replaced:",
  );
  expect(refused.output).toContain("/etc/debian_version");
  expect(await inside("cat /run/greeting")).toBe("two");
  expect(await distribution()).toBe(theirs);
});

test("a reboot starts the services of the last confirmed deployment", async () => {
  const boot = host.bootId();
  const wanted = await inside("readlink -f /nix/var/nix/profiles/system");
  await host.exec(["systemctl", "reboot"]).catch(() => {});
  await expect.poll(() => host.bootId(), { timeout: 60_000 }).not.toBe(boot);
  await expect
    .poll(() => inside("cat /run/greeting; readlink -f /run/current-system").catch(String), {
      timeout: 60_000,
    })
    .toBe(`two\n${wanted}`);
});
