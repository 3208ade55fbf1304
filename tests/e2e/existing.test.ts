import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { lanOf } from "../lab/lan.js";
import { Project } from "./project.js";

const project = new Project("existing");
/** What sudo asks the account for. */
const PASSWORD = `canary ${randomBytes(9).toString("hex")}`;
let host: LabContainer;
let other: LabContainer;
/** Of the account's password, as NixOS has it. */
let hash: string;
let key: string;

interface Changes {
  readonly address?: string;
  readonly machine?: string;
}

const program = ({ address = host.address, machine = "" }: Changes = {}) => `
const config = new pulumi.Config();
const hosts = existing({
  web: {
    address: "${address}",
    privateAddress: "${host.address}",
    hostKey: "${host.hostKey}",
    user: "admin",
    identity: config.requireSecret("identity"),
    privilege: { method: "sudo", password: config.requireSecret("password") },
  },
});
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: hosts });
net.machine("web", {
  ${machine}
  config: {
    boot: { isContainer: true, loader: { initScript: { enable: true } } },
    networking: { useDHCP: false },
    services: { openssh: { enable: true } },
    users: { users: { admin: {
      isNormalUser: true,
      extraGroups: ["wheel"],
      hashedPassword: ${JSON.stringify(hash)},
      openssh: { authorizedKeys: { keys: [${JSON.stringify(key)}] } },
    } } },
    environment: { etc: { probe: { text: "here" } } },
  },
});
`;

beforeAll(async () => {
  [host, other] = await Promise.all([startContainer("existing-a"), startContainer("existing-b")]);
  const inside = (script: string) => host.exec(["sh", "-c", script]);
  key = (await inside("cat /root/.ssh/authorized_keys")).trim();
  // Root cannot log in: everything goes through the account and sudo.
  await inside(`groupadd wheel
useradd --create-home --shell /bin/bash --groups wheel admin
echo 'admin:${PASSWORD}' | chpasswd
mv /root/.ssh ~admin/.ssh
chown -R admin ~admin/.ssh
echo '%wheel ALL=(ALL:ALL) ALL' >/etc/sudoers.d/wheel
echo '127.0.1.1 existing-a web' >>/etc/hosts`);
  hash = (await inside("sed -n 's/^admin:\\([^:]*\\):.*/\\1/p' /etc/shadow")).trim();
  await project.init();
  await project.pulumi("config", "set", "--secret", "identity", "--", host.identity);
  await project.pulumi("config", "set", "--secret", "password", "--", PASSWORD);
});
afterAll(async () => {
  await project.dispose();
  await Promise.all([host?.remove(), other?.remove()]);
});

test("who answers at the address with another key is refused, with both fingerprints, and nothing is deployed", async () => {
  project.program(program({ address: other.address }));
  const result = await project.up();
  expect(result.exitCode).not.toBe(0);
  expect(result.output).toMatch(/machine "web", phase connect: web: the host at \S+ has another host key/);
  const fingerprints = new Set(result.output.match(/SHA256:[A-Za-z0-9+/]{43}/g));
  expect(fingerprints.size).toBe(2);
  expect(other.sshAccepted()).toBe(0);
});

test("a host that Pulumi did not make is deployed to by its pinned key, through an account and sudo with its password", async () => {
  project.program(program());
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect(await host.exec(["cat", "/etc/probe"])).toBe("here");
  const accepted = await host.exec(["journalctl", "--output=cat", "--grep=^Accepted", "--no-pager"]);
  expect(accepted).not.toContain("for root");
  const state = await project.pulumi("stack", "export");
  for (const secret of ["BEGIN OPENSSH PRIVATE KEY", PASSWORD])
    for (const text of [state.output, result.output]) expect(text).not.toContain(secret);
});

test("another address is a change, not another host", async () => {
  const lan = await lanOf(host);
  try {
    const address = await lan.add(host, 2);
    project.program(program({ address }));
    const preview = await project.preview();
    expect(preview.output).toContain(`=> "${address}"`);
    expect(preview.output).not.toMatch(/replace|create|delete/);
    const up = await project.up();
    expect(up.exitCode, up.output).toBe(0);
    expect(up.output).not.toMatch(/replaced|deleted/);

    // Another number has the stack make the host's key from then on: over sudo with its password, too.
    const before = await hostKeyOf(host);
    project.program(program({ address, machine: "hostKeyRotation: 1," }));
    const rotated = await project.up();
    expect(rotated.exitCode, rotated.output).toBe(0);
    expect(rotated.output).not.toMatch(/replaced|deleted/);
    expect(await hostKeyOf(host)).not.toBe(before);
  } finally {
    lan.remove();
  }
});

const hostKeyOf = (machine: LabContainer) =>
  machine.exec(["ssh-keygen", "-y", "-f", "/etc/ssh/ssh_host_ed25519_key"]);

test("destroy leaves it alone", async () => {
  const destroyed = await project.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
  expect(await host.exec(["cat", "/etc/probe"])).toBe("here");
});
