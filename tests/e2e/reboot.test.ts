import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { Project } from "./project.js";

/** A machine whose kernel changes; each test goes on from the one before. */
const project = new Project("reboot");
let box: LabContainer;

const program = (options: { kernel?: string; machine?: string; text?: string } = {}) => `
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
net.machine("web", {
  ${options.machine ?? ""}
  keys: { token: { text: "t0ken" } },
  config: {
    boot: { kernel: { enable: true }, kernelPackages: nix\`pkgs.linuxPackages_${options.kernel ?? "6_12"}\` },
    systemd: { services: {
      needy: { wantedBy: ["multi-user.target"], after: ["token-key.service"], requires: ["token-key.service"], script: "cat /run/keys/token; exec sleep infinity" },
    } },
    environment: { etc: { version: { text: "${options.text ?? "one"}" } } },
  },
});
`;

beforeAll(async () => {
  project.program("");
  await project.init();
});
afterAll(() => project.dispose());

const inside = async (script: string) => (await box.exec(["sh", "-c", script])).trim();
const PENDING =
  /a reboot is pending: kernel \(linux-6\.12\.77 → linux-6\.18\.20\), kernel-modules \(linux-6\.12\.77 → linux-6\.18\.20\)\. The new system starts with the next boot/;
const outputs = async () =>
  (await project.resources()).find((each) => each.type.endsWith(":System"))?.outputs ?? {};

async function up(text: string): Promise<string> {
  project.program(text);
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  return result.output;
}

test("without permission to reboot, a kernel waits for the next boot, and every run says so until then", async () => {
  await up(program());
  box = containerOf((await project.resources()).find((each) => each.type.endsWith(":Container"))?.id ?? "");
  const bootId = box.bootId();
  await box.exec(["systemctl", "reboot"]).catch(() => {}); // the shell goes down with it
  while (box.bootId() === bootId) await sleep(100);
  const old = (await outputs()).toplevel;

  expect(await up(program({ kernel: "6_18" }))).toMatch(PENDING);
  expect(box.bootId()).not.toBe(bootId);
  expect(await inside("readlink -f /run/current-system")).toBe(old);
  expect(await outputs()).toMatchObject({
    toplevel: old,
    rebootPending: [/kernel/, /kernel-modules/].map((each) => expect.stringMatching(each)),
  });
  expect((await project.preview()).output).toMatch(PENDING);
  expect((await project.refresh()).output).toMatch(PENDING);
  expect(await up(program({ kernel: "6_18" }))).toMatch(PENDING);
});

test("with permission it is rebooted, gets its keys again, and runs the new system", async () => {
  const bootId = box.bootId();
  const allowed = program({ kernel: "6_18", machine: `reboot: "when-needed",` });
  const output = await up(allowed);
  expect(output).toContain("rebooting");
  expect(output).not.toContain("a reboot is pending");
  expect(box.bootId()).not.toBe(bootId);
  const { toplevel, bootDefault, rebootPending } = await outputs();
  expect(await inside("readlink -f /run/booted-system")).toBe(toplevel);
  expect([bootDefault, rebootPending]).toEqual([toplevel, undefined]);
  expect(await inside("cat /run/keys/token; systemctl is-active needy")).toBe("t0kenactive");
  expect(await up(allowed)).not.toMatch(/\d+ updated/);
});

test("a system that is not healthy after the reboot is left for the old one by another reboot", async () => {
  const before = await inside("readlink -f /run/booted-system");
  const checks = `reboot: "always", healthChecks: [{ command: ["grep", "one", "/etc/version"], retries: 0 }],`;
  project.program(program({ kernel: "6_18", machine: checks, text: "two" }));
  const failed = await project.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toContain(
    `web goes on with its old system ${before}: health check failed: command grep one`,
  );
  expect(await inside("readlink -f /run/booted-system /nix/var/nix/profiles/system")).toBe(
    `${before}\n${before}`,
  );
});
