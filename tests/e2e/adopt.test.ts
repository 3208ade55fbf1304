import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { Project } from "./project.js";

const FIRN = fileURLToPath(new URL("../../packages/cli/bin/firn.mjs", import.meta.url));
const project = new Project("adopt");
let host: LabContainer;

interface Changes {
  readonly user?: string;
  readonly machine?: string;
  readonly config?: string;
}

const program = ({ user = "root", machine = "", config = "" }: Changes = {}) => `
const hosts = existing({
  web: {
    address: "${host.address}",
    hostKey: "${host.hostKey}",
    user: "${user}",
    identity: new pulumi.Config().requireSecret("identity"),
    hardware: "detect",
  },
});
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: hosts });
net.machine("web", {
  ${machine}
  config: {
    services: { openssh: { enable: true } },
    users: { users: { root: { openssh: { authorizedKeys: { keys: [${JSON.stringify(host.hostKey && key)}] } } } } },
    ${config}
  },
});
`;
let key = "";

const inside = async (script: string) => (await host.exec(["sh", "-c", script])).trim();

beforeAll(async () => {
  host = await startContainer("adopt");
  key = await inside("cat /root/.ssh/authorized_keys");
  await inside(`useradd --create-home --shell /bin/sh --password '*' plain
cp -r /root/.ssh ~plain/.ssh && chown -R plain ~plain/.ssh
mv /usr/bin/doas /usr/bin/doas.off`);
  writeFileSync(join(project.directory, "identity"), host.identity, { mode: 0o600 });
  await project.init();
  await project.setSecret("identity", host.identity);
});
afterAll(async () => {
  await project.dispose();
  await host?.remove();
});

test("firn facts tells what a host is, in JSON, as text and as the hardware half of its configuration", async () => {
  const facts = (...args: string[]) =>
    project.run("node", [
      FIRN,
      "facts",
      "--identity",
      "identity",
      "--host-key",
      host.hostKey,
      ...args,
      host.address,
    ]);
  const told = await facts("--json");
  expect(told.exitCode, told.output).toBe(0);
  expect(JSON.parse(told.output)).toMatchObject({
    system: "x86_64-linux",
    os: { id: "debian" },
    bootMode: "container",
    account: { user: "root", isRoot: true },
    hostKeys: [host.hostKey],
    addresses: [{ interface: "eth0", address: host.address, dynamic: false }],
    memory: expect.any(Number),
    systemd: expect.any(Number),
  });
  expect(host.sshAccepted()).toBe(1);
  expect((await facts()).output).toContain("boots     in a container");
  expect((await facts("--nix")).output).toContain("isContainer = true");
  const refused = await facts("--host-key", `ssh-ed25519 ${"AAAAC3NzaC1lZDI1NTE5AAAAI".padEnd(68, "A")}`);
  expect(refused.exitCode).toBe(1);
  expect(refused.output).toContain("has another host key");
});

test("a host of another architecture, and an account that cannot become root, end the preview", async () => {
  project.program(program({ user: "plain", machine: 'system: "aarch64-linux",' }));
  const preview = await project.preview();
  expect(preview.exitCode).not.toBe(0);
  expect(preview.output).toContain(
    'web: it is x86_64-linux, and its configuration is for aarch64-linux: give the machine system: "x86_64-linux".',
  );
  expect(preview.output).toMatch(
    /web: sudo does not make plain root there without a password: give privilege/,
  );
  expect(await inside("readlink /run/current-system || echo none")).toBe("none");
});

test("a host is deployed to with a hardware half that nobody wrote, asked for once", async () => {
  project.program(program());
  const preview = await project.preview();
  expect(preview.exitCode, preview.output).toBe(0);
  expect(preview.output).toMatch(/it runs Debian GNU\/Linux \S+ \(\S+\), which is not NixOS/);
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expect(project.read(".firn/dev/facts/net-web.json")).toContain('"bootMode": "container"');
  const accepted = host.sshAccepted();
  const again = await project.up();
  expect(again.output).toMatch(/unchanged/);
  expect(host.sshAccepted()).toBe(accepted);
});

test("a NixOS host that Firn does not know: the preview tells what would change against what it runs now", async () => {
  expect((await project.destroy()).exitCode).toBe(0);
  const before = await inside("readlink -f /run/current-system");
  project.program(
    program({
      config: `
    environment: { etc: { probe: { text: "new" } }, systemPackages: [pkgs.hello] },
    systemd: { services: { greet: { script: "true" } } },`,
    }),
  );
  const preview = await project.preview();
  expect(preview.exitCode, preview.output).toBe(0);
  expect(preview.output).toMatch(/it runs NixOS \S+ now, which Firn takes over as it is/);
  expect(preview.output).toContain("units: + greet.service\n");
  expect(preview.output).toContain("files in /etc: + probe\n");
  expect(preview.output).toMatch(/packages: \+ hello \S+\n/);
  expect(await inside("readlink -f /run/current-system")).toBe(before);
  expect(preview.output).not.toMatch(/(NixOS|kernel): /);
});
